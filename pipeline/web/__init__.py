"""The page in the browser: a thin face over the library, rendered on the server.

``app`` puts the pages together, ``guard`` keeps strangers out, ``site`` holds what pages share, and every family of pages is one module: a function that
gives its data as a frozen value, which is shown as HTML and as JSON alike.
"""
