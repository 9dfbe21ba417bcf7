"""How fast a model is on this computer: four tasks for every model, kept by its weights."""
