package dev.muster.engine.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionTest {
  @TempDir Path folder;

  @Test
  void theVersionIsWhatMavenWroteIntoTheJar() throws IOException {
    String text = "artifactId=app\ngroupId=dev.muster\nversion=7.8.9\n";
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertThat(Version.number(new ByteArrayInputStream(bytes))).isEqualTo("7.8.9");
    assertThat(Version.number()).isNotEmpty();
  }

  @Test
  void theCommitIsTheArchives() throws IOException {
    assertThat(Version.commit(folder)).isNull();
    Files.writeString(folder.resolve("release"), "VERSION=7.8.9\nCOMMIT=0a1b2c3\n");
    assertThat(Version.commit(folder)).isEqualTo("0a1b2c3");
  }
}
