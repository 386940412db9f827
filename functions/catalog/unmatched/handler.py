"""ANY $default — what no route of the API matches is told so, in the envelope."""

from shared.platform.http.app import create_app, lambda_handler

app = create_app("catalog")
handler = lambda_handler(app)
