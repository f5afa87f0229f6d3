"""By what the locked parts of a Word file are found again."""

# The three lines of the head; the first says too which text it was made from: head_1_3.
HEAD_TAG = "head"
# A control holds a bookmark named so and then its tag; Word lists no bookmark that begins so.
BOOKMARK = "_locked_"
# Of the control around a picture, whose caption has its tag.
PICTURE_SUFFIX = "_picture"
