package dev.latente.image;

/// What a picture's file says about how it was made.
public sealed interface PictureOrigin {
  /// Parameters in the form of A1111's web UI, which Latente, Forge and others write too.
  record Made(GenerationParameters parameters) implements PictureOrigin {}

  /// A description in a program's own form.
  ///
  /// @param program who wrote it
  /// @param description as it stands in the file, usually JSON
  record Other(Program program, String description) implements PictureOrigin {}

  /// Nothing that is understood.
  record Unknown() implements PictureOrigin {}

  /// The programs whose own forms are told apart.
  enum Program {
    /// A graph of nodes: `prompt` and `workflow`.
    COMFYUI("ComfyUI"),
    /// `invokeai_metadata`, before version 3 `sd-metadata` or `Dream`.
    INVOKEAI("InvokeAI"),
    /// `Comment` beside `Software` NovelAI.
    NOVELAI("NovelAI"),
    /// `parameters` as JSON, with its version in `fooocus_scheme`.
    FOOOCUS("Fooocus");

    private final String label;

    Program(String label) {
      this.label = label;
    }

    /// The name people write.
    public String label() {
      return label;
    }
  }
}
