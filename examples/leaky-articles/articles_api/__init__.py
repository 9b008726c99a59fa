"""A small blog API, as a team would have it: articles, comments, users, an app that reads them."""
