"""How a comment is shown."""

from articles_api.models import Comment


def comment_view(comment: Comment) -> dict:
    return {**comment.to_dict(), "author": comment.author.to_dict()}
