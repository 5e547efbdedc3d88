package dev.muster.lab.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.lab.host.Cgroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DoctorTest {
  @TempDir Path folder;
  private Path proc;
  private List<Doctor.Need> table = List.of();

  @BeforeEach
  void machine() throws IOException {
    proc = Files.createDirectory(folder.resolve("proc"));
    Files.writeString(proc.resolve("filesystems"), "nodev\tsysfs\n\text4\nnodev\toverlay\n");
    Files.writeString(proc.resolve("meminfo"), "MemTotal:        8000000 kB\nMemFree: 1 kB\n");
    StringBuilder mounts = new StringBuilder("proc /proc proc rw 0 0\n");
    for (String c :
        List.of("memory", "cpu,cpuacct", "cpuset", "pids", "devices", "freezer", "blkio")) {
      mounts.append("cgroup /sys/fs/cgroup/" + c + " cgroup rw,relatime," + c + " 0 0\n");
    }
    Files.writeString(proc.resolve("mounts"), mounts);
    Files.createDirectories(folder.resolve("dist/images"));
    Files.createFile(folder.resolve("dist/images/images.yaml"));
  }

  /** As the machine is when it is first asked for: a look runs twenty programs. */
  private Doctor.Need need(String name) {
    if (table.isEmpty()) {
      table =
          new Doctor(folder.resolve("dist"), folder.resolve("not/yet"), Lacking.ALL, proc, folder)
              .table();
    }
    return table.stream().filter(n -> n.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void seesWhatTheKernelOffers() {
    assertThat(need("overlay").version()).isEqualTo("in the kernel");
    assertThat(Doctor.overlay(false, true).version()).isEqualTo("a module");
    assertThat(need("memory 6 GB").present()).isTrue();
    assertThat(need("memory 6 GB").version()).isEqualTo("8 GB");
    assertThat(need("source tree").present()).isTrue();
    for (String controller : Cgroups.of(proc, folder).wanted()) {
      assertThat(need("cgroup v1 " + controller).present()).as(controller).isTrue();
    }
  }

  @Test
  void missesWhatTheKernelLacks() throws IOException {
    Files.writeString(proc.resolve("meminfo"), "MemTotal:        4000000 kB\n");
    Files.writeString(
        proc.resolve("mounts"),
        """
        cgroup2 /sys/fs/cgroup/unified cgroup2 rw,memory 0 0
        cgroup /mnt/x cgroup rw,pids 0 0
        cgroup /sys/fs/cgroup/cpuset cgroup rw,cpuset 0 0
        """);

    assertThat(Doctor.overlay(false, false).present()).isFalse();
    assertThat(need("memory 6 GB").present()).isFalse();
    assertThat(need("cgroup v1 memory").present()).isFalse();
    assertThat(need("cgroup v1 pids").present()).isFalse();
    assertThat(need("cgroup v1 cpu").present()).as("cpuset is not cpu").isFalse();
    assertThat(need("cgroup v1 cpuset").present()).isTrue();
  }

  @Test
  void aHostOfVersionTwoNeedsItsOwnControllers() throws IOException {
    Files.writeString(proc.resolve("mounts"), "cgroup2 /sys/fs/cgroup cgroup2 rw,nsdelegate 0 0\n");
    Files.writeString(folder.resolve("cgroup.controllers"), "cpu io pids\n");

    assertThat(need("cgroup v2 cpu").present()).isTrue();
    assertThat(need("cgroup v2 pids").present()).isTrue();
    assertThat(need("cgroup v2 memory").present()).isFalse();
    assertThat(need("cgroup v2 memory").howToGet()).contains("cgroup_disable=memory");
  }

  @Test
  void unreadableKernelFilesAreMissingNeeds() throws IOException {
    Files.delete(proc.resolve("mounts"));
    Files.delete(proc.resolve("meminfo"));

    assertThat(need("cgroup v1 memory").present()).isFalse();
    assertThat(need("memory 6 GB").present()).isFalse();
    assertThat(Doctor.loop(folder.resolve("loop-control")).present()).isFalse();
  }

  @Test
  void everyNeedSaysHowToGetIt() {
    assertThat(new Doctor(folder, folder, Lacking.ALL).table())
        .allSatisfy(n -> assertThat(n.howToGet()).as(n.name()).isNotBlank())
        .extracting(Doctor.Need::name)
        .doesNotHaveDuplicates()
        .contains("root", "containerd", "ctr", "mmdebstrap", "busybox (static)", "disk 15 GB");
  }
}
