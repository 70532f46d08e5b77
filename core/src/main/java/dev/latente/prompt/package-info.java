/// The language of prompts: weights, schedules, parts, LoRA tags, and the chunks a text encoder
/// reads. Plain Java: it knows neither a tokenizer nor tensors.
///
/// A prompt's way: [PromptSyntax#parse] takes out the tags and splits at `AND`;
/// [SubPrompt#schedule] says which text holds at which step; [Emphasis#fragments] gives its words
/// their weights; [PromptChunks#of] makes of these the numbers a text encoder takes.
@NullMarked
package dev.latente.prompt;

import org.jspecify.annotations.NullMarked;
