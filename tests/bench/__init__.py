"""Side-by-side measurements against other MLX implementations, and models of real size to run."""
