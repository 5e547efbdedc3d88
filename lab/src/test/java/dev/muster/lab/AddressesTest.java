package dev.muster.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class AddressesTest {
  /** The launcher is a shell script and can not ask: it names the same networks. */
  @Test
  void theLauncherKeepsProxiesAwayFromAllOfThem() throws IOException {
    String launcher = Files.readString(Path.of("../dist/start.sh"));
    assertThat(launcher).contains("," + Addresses.SERVICES + ",", "," + Addresses.PODS + ",");
    Addresses first = new Addresses("a", 0);
    Addresses last = new Addresses("z", 99);
    assertThat(launcher).contains("}10.240.0.0/16,");
    assertThat(first.api()).startsWith("https://10.240.0.");
    assertThat(last.api()).startsWith("https://10.240.99.");
    assertThat(last.fabric()).startsWith("10.240.99.");
  }
}
