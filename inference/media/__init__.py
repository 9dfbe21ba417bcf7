"""Pictures, frames and sound as arrays, made into patches and mel features for the towers."""
