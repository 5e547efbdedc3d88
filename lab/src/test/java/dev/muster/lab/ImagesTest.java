package dev.muster.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagesTest {
  @TempDir Path folder;

  @Test
  void theSameContentGivesTheSameBytesAtAnyTime() throws IOException {
    Path file = Files.writeString(folder.resolve("program"), "content");
    var definition =
        new Images.Definition("muster.dev/x:1", null, null, Map.of(), List.of("/program"));
    Path first = folder.resolve("first.tar");
    Path second = folder.resolve("second.tar");
    new Archive(folder).write(first, definition, null, List.of(Map.entry(file, "/bin/program")));
    Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(1));
    new Archive(folder).write(second, definition, null, List.of(Map.entry(file, "/bin/program")));
    assertThat(first).hasSameBinaryContentAs(second);
  }

  @Test
  void aPushGoesUnderTheUsersPrefix() throws Exception {
    assertThat(new ImagePush("registry.example.com/drills/", false).target("muster.dev/etcd:3.4"))
        .hasToString("registry.example.com/drills/etcd:3.4");
  }
}
