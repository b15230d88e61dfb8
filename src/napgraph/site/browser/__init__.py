"""Python in the page: the checker as it is, over the JavaScript build of its engine; see :mod:`..pages.tools`."""
