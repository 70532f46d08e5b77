/// Files of the Hugging Face hub, fetched into the cache that Python's `huggingface_hub` uses too.
///
/// Plain Java; nothing here knows what a model is, and nothing that computes knows of this.
@NullMarked
package dev.latente.hub;

import org.jspecify.annotations.NullMarked;
