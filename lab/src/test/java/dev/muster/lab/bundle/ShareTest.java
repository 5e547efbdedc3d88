package dev.muster.lab.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShareTest {
  private static final int MEGA = 1_000_000;
  private final List<String> told = new ArrayList<>();
  private final Share share = new Share("packing", 20 * MEGA, told::add);

  @Test
  void aLineForEachTenthThatIsDone() throws IOException {
    var in = new ByteArrayInputStream(new byte[20 * MEGA]);
    share.copy(in, OutputStream.nullOutputStream(), MEGA);
    assertThat(told).isEmpty();
    share.copy(in, OutputStream.nullOutputStream(), 5 * MEGA);
    assertThat(told)
        .containsExactly("packing: 2 of 20 MB", "packing: 4 of 20 MB", "packing: 6 of 20 MB");
    share.copy(in, OutputStream.nullOutputStream(), 14 * MEGA);
    assertThat(told).hasSize(10).last().isEqualTo("packing: 20 of 20 MB");
  }

  @Test
  void fewerBytesThanPromisedAreAnError() {
    var in = new ByteArrayInputStream(new byte[3]);
    assertThatThrownBy(() -> share.copy(in, OutputStream.nullOutputStream(), 4))
        .isInstanceOf(EOFException.class)
        .hasMessage("it ends 1 bytes too early");
  }
}
