"""Finding, fetching and weighing models: catalogue, downloads, the shared cache, what fits."""
