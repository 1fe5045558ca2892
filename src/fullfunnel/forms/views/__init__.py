"""The pages of forms: `public` for who fills them in, the others for members."""
