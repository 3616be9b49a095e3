"""What all schemas share: keys keep their order, and an unknown key is an error that names it."""

from marshmallow import RAISE, Schema


class StrictSchema(Schema):
    """Unknown keys in a request are refused rather than silently dropped."""

    class Meta:
        """marshmallow's options."""

        unknown = RAISE
