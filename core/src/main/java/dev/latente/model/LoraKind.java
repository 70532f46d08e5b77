package dev.latente.model;

/// The formula by which a file changes a layer.
public enum LoraKind {
  LORA("LoRA"),
  LOHA("LoHa"),
  LOKR("LoKr"),
  GLORA("GLoRA"),
  IA3("(IA)³"),
  /// A whole difference.
  FULL("full difference");

  private final String label;

  LoraKind(String label) {
    this.label = label;
  }

  /// The name people know.
  public String label() {
    return label;
  }
}
