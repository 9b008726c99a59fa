"""How a comment is shown: the fields that the app reads, by name."""

from articles_api.models import Comment


def comment_view(comment: Comment) -> dict:
    author = comment.author
    return {
        "id": comment.id,
        "body": comment.body,
        "created_at": comment.created_at.isoformat(),
        "author": {"username": author.username, "name": author.name, "avatar": author.avatar},
    }
