package dev.latente.kernel;

/// A condition of a jump: of what was compared, or came of a sum.
enum When {
  LESS(0x82),
  ZERO(0x84),
  NOT_ZERO(0x85),
  ALWAYS(0xe9);

  private final int opcode;

  When(int opcode) {
    this.opcode = opcode;
  }

  int opcode() {
    return opcode;
  }
}
