package dev.latente.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latente.kernel.Assembler.When;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// The bytes are those of GNU's assembler 2.40 for the instruction named, with distances of 32
/// bits.
class AssemblerTest {
  private static String bytes(Consumer<Assembler> write) {
    Assembler assembler = new Assembler();
    write.accept(assembler);
    return HexFormat.ofDelimiter(" ").formatHex(assembler.bytes());
  }

  @Test
  void addsAndMoves() {
    // mov $0x140,%r14
    assertThat(bytes(code -> code.set(Assembler.R14, 0x140))).isEqualTo("49 c7 c6 40 01 00 00");
    // mov %r9,%rdx
    assertThat(bytes(code -> code.copy(Assembler.RDX, Assembler.R9))).isEqualTo("4c 89 ca");
    // mov 0x228(%rdi),%r13
    assertThat(bytes(code -> code.load(Assembler.R13, Assembler.RDI, 0x228)))
        .isEqualTo("4c 8b af 28 02 00 00");
    // mov 0xc0(%rdi,%rbx,8),%rax
    assertThat(bytes(code -> code.load(Assembler.RAX, Assembler.RDI, Assembler.RBX, 0xc0)))
        .isEqualTo("48 8b 84 df c0 00 00 00");
    // mov 0x1c0(%r8,%r9,8),%r10
    assertThat(bytes(code -> code.load(Assembler.R10, Assembler.R8, Assembler.R9, 0x1c0)))
        .isEqualTo("4f 8b 94 c8 c0 01 00 00");
    // add %r10,%rax
    assertThat(bytes(code -> code.add(Assembler.RAX, Assembler.R10))).isEqualTo("4c 01 d0");
    // add 0x220(%rdi),%r11
    assertThat(bytes(code -> code.add(Assembler.R11, Assembler.RDI, 0x220)))
        .isEqualTo("4c 03 9f 20 02 00 00");
    // add $0x800,%r12
    assertThat(bytes(code -> code.addNumber(Assembler.R12, 0x800)))
        .isEqualTo("49 81 c4 00 08 00 00");
    // addq $-0x200,0x240(%rdi)
    assertThat(bytes(code -> code.addToMemory(Assembler.RDI, 0x240, -0x200)))
        .isEqualTo("48 81 87 40 02 00 00 00 fe ff ff");
    // shl $4,%rbp
    assertThat(bytes(code -> code.shiftLeft(Assembler.RBP, 4))).isEqualTo("48 c1 e5 04");
    // cmp %r9,%rbx
    assertThat(bytes(code -> code.compare(Assembler.RBX, Assembler.R9))).isEqualTo("4c 39 cb");
  }

  @Test
  void jumps() {
    assertThat(
            bytes(code -> {
              int back = code.here();
              int ahead = code.jumpAhead(When.ZERO); // je 0xc
              int always = code.jumpAhead(When.ALWAYS); // jmp 0x12
              code.ret();
              code.land(ahead);
              code.jumpBack(When.NOT_ZERO, back); // jne 0
              code.land(always);
            }))
        .isEqualTo("0f 84 06 00 00 00 e9 07 00 00 00 c3 0f 85 ee ff ff ff");
  }

  @Test
  void speaksToTheUnitForTiles() {
    // ldtilecfg 0x80(%rdi)
    assertThat(bytes(code -> code.configure(Assembler.RDI, 0x80)))
        .isEqualTo("c4 e2 78 49 87 80 00 00 00");
    // tilerelease
    assertThat(bytes(Assembler::release)).isEqualTo("c4 e2 78 49 c0");
    // tilezero %tmm3
    assertThat(bytes(code -> code.clear(3))).isEqualTo("c4 e2 7b 49 d8");
    // tileloadd 0x800(%rsi,%r14,1),%tmm6
    assertThat(bytes(code -> code.loadTile(6, Assembler.RSI, 0x800, Assembler.R14)))
        .isEqualTo("c4 a2 7b 4b b4 36 00 08 00 00");
    // tileloadd 0x140(%r10,%r15,1),%tmm1
    assertThat(bytes(code -> code.loadTile(1, Assembler.R10, 0x140, Assembler.R15)))
        .isEqualTo("c4 82 7b 4b 8c 3a 40 01 00 00");
    // tilestored %tmm1,0x240(%rdx,%r15,1)
    assertThat(bytes(code -> code.storeTile(1, Assembler.RDX, 0x240, Assembler.R15)))
        .isEqualTo("c4 a2 7a 4b 8c 3a 40 02 00 00");
    // tdpbf16ps %tmm6,%tmm4,%tmm0
    assertThat(bytes(code -> code.dot(0, 4, 6))).isEqualTo("c4 e2 4a 5c c4");
    // tdpbf16ps %tmm7,%tmm5,%tmm3
    assertThat(bytes(code -> code.dot(3, 5, 7))).isEqualTo("c4 e2 42 5c dd");
  }
}
