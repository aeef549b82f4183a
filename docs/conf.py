"""How the documentation is built: ``make docs``."""

from pmkit import __version__

project = "pmkit"
author = "the pmkit authors"
project_copyright = "2026, the pmkit authors"
release = version = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "pmkit"
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the NumPy docstrings say the types in words
autodoc_default_options = {"members": True, "undoc-members": False}
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
napoleon_use_param = False
suppress_warnings = [
    "ref.python",  # attribute names such as `id` stand in many classes; they are words here, not links
]
nitpicky = True
nitpick_ignore_regex = [("py:.*", ".*")]  # names in signatures are plain words; links in pages are still checked
