"""Questions that stand over a screen and give one answer."""
