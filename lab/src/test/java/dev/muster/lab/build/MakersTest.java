package dev.muster.lab.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MakersTest {
  @TempDir Path folder;

  @Test
  void comparesVersionsAsNumbers() {
    assertThat(Makers.atLeast("go version go1.26.8 linux/amd64", 1, 26)).isTrue();
    assertThat(Makers.atLeast("go version go1.100 linux/amd64", 1, 26)).isTrue();
    assertThat(Makers.atLeast("go version go2.0 linux/amd64", 1, 26)).isTrue();
    assertThat(Makers.atLeast("go version go1.9.9 linux/amd64", 1, 26)).isFalse();
    assertThat(Makers.atLeast("devel", 1, 26)).isFalse();
  }

  @Test
  void busyboxThatNeedsALoaderIsNotStatic() throws IOException {
    assertThat(Makers.busybox(program(1, 2)).present()).isTrue();
    assertThat(Makers.busybox(program(1, 3)).present()).isFalse();
    assertThat(Makers.busybox(Files.writeString(folder.resolve("sh"), "#!/bin/sh\n")).present())
        .isFalse();
    assertThat(Makers.busybox(null).present()).isFalse();
  }

  /** A little-endian ELF64 head with program headers of these types. */
  private Path program(int... types) throws IOException {
    ByteBuffer elf = ByteBuffer.allocate(64 + 56 * types.length).order(ByteOrder.LITTLE_ENDIAN);
    elf.putInt(0, 0x464c457f).put(4, (byte) 2).putLong(32, 64);
    elf.putShort(54, (short) 56).putShort(56, (short) types.length);
    for (int i = 0; i < types.length; i++) {
      elf.putInt(64 + 56 * i, types[i]);
    }
    return Files.write(folder.resolve("elf"), elf.array());
  }

  @Test
  void whatMakesNothingThatIsLackingIsNotNeeded() {
    var lacking = new Lacking(List.of(), List.of("muster.dev/agent:2"), Set.of(Lacking.Tool.JLINK));
    List<Doctor.Need> makers = new Makers(lacking).table();
    assertThat(makers)
        .filteredOn(n -> n.version().equals("not needed"))
        .allMatch(Doctor.Need::present)
        .extracting(Doctor.Need::name)
        .containsExactly("go 1.26", "python3", "pip", "mmdebstrap", "busybox (static)");
    assertThat(makers.getFirst().name()).isEqualTo("JDK 25");

    var nothing = new Lacking(List.of(), List.of(), Set.of());
    assertThat(new Makers(nothing).table().getFirst().name()).isEqualTo("Java 25");
    assertThat(new Makers(Lacking.ALL).table())
        .noneMatch(n -> n.version().equals("not needed"))
        .allMatch(n -> n.howToGet().endsWith("or take a bundle: muster bundle import FILE|URL"));
  }
}
