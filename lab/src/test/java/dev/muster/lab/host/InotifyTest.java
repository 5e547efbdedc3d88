package dev.muster.lab.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InotifyTest {
  @TempDir Path proc;

  @Test
  void countsTheInstancesOfEveryProcess() throws IOException {
    limit("128\n");
    open("1", "anon_inode:inotify", "anon_inode:[eventpoll]", "anon_inode:inotify");
    open("22", "socket:[7]", "anon_inode:inotify");
    open("self", "anon_inode:inotify");
    Files.createDirectory(proc.resolve("33")); // it ended: no fd any more

    assertThat(Inotify.of(proc)).isEqualTo(new Inotify(128, 3));
  }

  /** Files below /proc/sys do not read like files on a disk. */
  @Test
  void thisKernelsLimitIsReadWhole() throws Exception {
    var sysctl = new ProcessBuilder("cat", "/proc/sys/fs/inotify/max_user_instances").start();
    String limit = new String(sysctl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertThat(Inotify.of(Path.of("/proc")))
        .satisfies(i -> assertThat(i.limit()).isEqualTo(Long.parseLong(limit.strip())));
  }

  @Test
  void aKernelThatTellsNoLimit() throws IOException {
    assertThat(Inotify.of(proc)).isNull();
    limit("max\n");
    assertThat(Inotify.of(proc)).isNull();
  }

  @Test
  void whatDoesNotFitIsToldWithItsNumbersAndTheWayOut() {
    assertThat(new Inotify(128, 92).refusal(4)).isEmpty();
    assertThat(new Inotify(128, 93).refusal(4))
        .hasValue(
            "a lab of 4 nodes needs 36 inotify instances, and 93 of 128 are in use;"
                + " take another lab down, or: sysctl -w fs.inotify.max_user_instances=512");
  }

  private void limit(String text) throws IOException {
    Files.createDirectories(proc.resolve("sys/fs/inotify"));
    Files.writeString(proc.resolve("sys/fs/inotify/max_user_instances"), text);
  }

  private void open(String process, String... targets) throws IOException {
    Path files = Files.createDirectories(proc.resolve(process).resolve("fd"));
    for (int i = 0; i < targets.length; i++) {
      Files.createSymbolicLink(files.resolve(Integer.toString(i)), Path.of(targets[i]));
    }
  }
}
