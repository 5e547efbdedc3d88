package dev.muster.lab.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each layout of /sys/fs/cgroup as hosts mount it. */
final class CgroupsTest {
  /** Debian 12, Ubuntu, Fedora, RHEL 9 as they are installed. */
  private static final String UNIFIED =
      "cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nodev,noexec,relatime,nsdelegate 0 0\n";

  @TempDir Path folder;

  @Test
  void versionTwo() throws IOException {
    Cgroups found = of(UNIFIED, "cpuset cpu io memory hugetlb pids rdma misc\n");
    assertThat(found.version()).isEqualTo(2);
    assertThat(found.controllers()).containsAll(found.wanted()).contains("cpuset");
    assertThat(found.words()).isEqualTo("v2");
  }

  @Test
  void versionTwoWithoutCpuset() throws IOException {
    Cgroups found = of(UNIFIED, "cpu io memory pids\n");
    assertThat(found.controllers()).containsAll(found.wanted()).doesNotContain("cpuset");
  }

  @Test
  void versionTwoWhoseMemoryIsSwitchedOff() throws IOException {
    assertThat(of(UNIFIED, "cpu io pids\n").controllers()).doesNotContain("memory");
    Files.delete(folder.resolve("cgroup.controllers"));
    assertThat(Cgroups.of(folder, folder).controllers()).isEmpty();
  }

  @Test
  void versionOneApart() throws IOException {
    Cgroups found =
        of(
            """
            tmpfs /sys/fs/cgroup tmpfs rw,mode=755 0 0
            cgroup /sys/fs/cgroup/cpu cgroup rw,relatime,cpu 0 0
            cgroup /sys/fs/cgroup/cpuacct cgroup rw,relatime,cpuacct 0 0
            cgroup /sys/fs/cgroup/memory cgroup rw,relatime,memory 0 0
            cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0
            """,
            "");
    assertThat(found.version()).isEqualTo(1);
    assertThat(found.controllers()).containsExactlyInAnyOrder("cpu", "cpuacct", "memory");
    assertThat(found.words())
        .isEqualTo(
            "cpu=/sys/fs/cgroup/cpu cpuacct=/sys/fs/cgroup/cpuacct memory=/sys/fs/cgroup/memory");
  }

  /** As systemd mounts them: two hierarchies of two controllers, and its own. */
  @Test
  void versionOneJoined() throws IOException {
    Cgroups found =
        of(
            """
            cgroup /sys/fs/cgroup/systemd cgroup rw,nosuid,xattr,name=systemd 0 0
            cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,nosuid,nodev,noexec,relatime,cpu,cpuacct 0 0
            cgroup /sys/fs/cgroup/net_cls,net_prio cgroup rw,nosuid,net_cls,net_prio 0 0
            cgroup /sys/fs/cgroup/pids cgroup rw,nosuid,pids 0 0
            """,
            "");
    assertThat(found.words())
        .isEqualTo(
            "name=systemd=/sys/fs/cgroup/systemd cpu,cpuacct=/sys/fs/cgroup/cpu,cpuacct"
                + " pids=/sys/fs/cgroup/pids");
    assertThat(found.controllers()).contains("cpu", "cpuacct", "pids").doesNotContain("memory");
  }

  /** Controllers in version 1, systemd's own tree in version 2. */
  @Test
  void hybrid() throws IOException {
    Cgroups found =
        of(
            """
            tmpfs /sys/fs/cgroup tmpfs ro,mode=755 0 0
            cgroup2 /sys/fs/cgroup/unified cgroup2 rw,nosuid,nsdelegate 0 0
            cgroup /sys/fs/cgroup/systemd cgroup rw,xattr,name=systemd 0 0
            cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0
            """,
            "");
    assertThat(found.version()).isEqualTo(1);
    assertThat(found.words()).contains("memory=/sys/fs/cgroup/memory").doesNotContain("unified");
  }

  @Test
  void nothingMounted() {
    assertThat(Cgroups.of(folder, folder).controllers()).isEmpty();
  }

  private Cgroups of(String mounts, String controllers) throws IOException {
    Files.writeString(folder.resolve("mounts"), mounts);
    Files.writeString(folder.resolve("cgroup.controllers"), controllers);
    return Cgroups.of(folder, folder);
  }
}
