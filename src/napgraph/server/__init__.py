"""The live server. The process that listens hands what strangers send to workers that can be stopped."""
