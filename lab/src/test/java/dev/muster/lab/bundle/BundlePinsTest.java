package dev.muster.lab.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.lab.host.LabException;
import dev.muster.lab.host.WrongLabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BundlePinsTest {
  private static final String PINNED = "a".repeat(64);
  private static final String OTHER = "b".repeat(64);

  @TempDir Path folder;

  private BundlePins pins(String yaml) throws IOException {
    Files.createDirectories(folder.resolve("kubernetes"));
    Files.writeString(folder.resolve("kubernetes/bundle.yaml"), yaml);
    return BundlePins.of(folder);
  }

  @Test
  void aPinnedDigestIsDemanded() throws IOException {
    var pins = pins("url: \"\"\nsha256:\n  0.1.0: {amd64: " + PINNED + "}\n");
    assertThat(pins.demanded("0.1.0", "amd64", null)).isEqualTo(PINNED);
    assertThat(pins.demanded("0.1.0", "amd64", "sha256:" + PINNED)).isEqualTo(PINNED);
    assertThatThrownBy(() -> pins.demanded("0.1.0", "amd64", "sha256:" + OTHER))
        .isInstanceOf(WrongLabException.class)
        .hasMessageContaining(PINNED);
  }

  @Test
  void whereNoneIsPinnedTheUsersIs() throws IOException {
    var pins = pins("url: \"\"\nsha256:\n  0.1.0: {amd64: " + PINNED + "}\n");
    assertThat(pins.demanded("0.1.0", "arm64", null)).isNull();
    assertThat(pins.demanded("0.2.0", "amd64", OTHER)).isEqualTo(OTHER);
    assertThatThrownBy(() -> pins.demanded("0.2.0", "amd64", "md5:1"))
        .isInstanceOf(WrongLabException.class)
        .hasMessageContaining("md5:1 is no digest");
    assertThat(BundlePins.of(folder.resolve("no tree")).demanded("0.1.0", "amd64", null)).isNull();
  }

  @Test
  void whatThisTreePinsCanBeRead() {
    assertThat(BundlePins.of(Path.of("..")).sha256().values())
        .allSatisfy(of -> assertThat(of.values()).allMatch(hex -> hex.matches("[0-9a-f]{64}")));
  }

  /** Else it would pin nothing, or what no bundle can have. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "url: ''\\nsha265: {}|sha265",
        "url: ''|it lacks url or sha256",
        "url: ''\\nsha256:|it lacks url or sha256",
        "url: ''\\nsha256: {0.1.0: }|no architecture for 0.1.0",
        "url: ''\\nsha256: {0.1.0: {amd64: }}|for 0.1.0 on amd64 no SHA-256",
        "url: ''\\nsha256: {0.1.0: {amd64: 'sha256:0a'}}|for 0.1.0 on amd64 no SHA-256"
      },
      quoteCharacter = '`')
  void aPinThatIsWrittenWronglyIsNotPassedOver(String yaml, String why) {
    assertThatThrownBy(() -> pins(yaml.replace("\\n", "\n")))
        .isInstanceOf(LabException.class)
        .hasMessageContaining(why);
  }

  @Test
  void aFileThatIsNoneNamesItself() {
    assertThatThrownBy(() -> pins("sha256: [1]\n"))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("kubernetes/bundle.yaml");
  }
}
