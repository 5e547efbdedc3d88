package dev.muster.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both versions of the kernel's control groups, as trees of folders. */
class CgroupTest {
  private static final String POD = "kubepods/burstable/pod1/";

  @TempDir Path root;

  @Test
  void version2IsOneHierarchyAndItsRootIsOutsideKubepods() throws IOException {
    two();
    Cgroup group = Cgroup.atRoot(root, "0a");

    assertThat(group.folders()).containsExactly(root.resolve("muster-f-0a"));
    assertThat(group.create()).containsExactly(root.resolve("muster-f-0a/cgroup.procs"));
    assertThat(group.undo()).isEqualTo("cgroup " + root.resolve("muster-f-0a"));
    assertThat(Cgroup.ours(root)).containsExactly(root.resolve("muster-f-0a"));
  }

  @Test
  void version1HasAGroupInEachHierarchyAndNoneBehindALink() throws IOException {
    one("cpu", "memory");
    Files.createSymbolicLink(root.resolve("cpu-again"), root.resolve("cpu"));
    Files.createDirectory(root.resolve("unified")); // nothing to be written there
    Cgroup group = Cgroup.atRoot(root, "0a");

    assertThat(group.folders())
        .containsExactlyInAnyOrder(
            root.resolve("cpu/muster-f-0a"), root.resolve("memory/muster-f-0a"));
    assertThat(group.exists()).isFalse();
    group.create();
    assertThat(group.exists()).isTrue();
    assertThat(Cgroup.ours(root)).containsExactlyInAnyOrderElementsOf(group.folders());
  }

  @Test
  void aNewGroupOfVersion1GetsTheCpusOfTheOneAbove() throws IOException {
    one("cpuset");
    Files.writeString(root.resolve("cpuset/cpuset.cpus"), "0-3");
    Cgroup group = Cgroup.atRoot(root, "0a");
    Path own = Files.createDirectory(group.folders().getFirst()).resolve("cpuset.cpus");
    Files.writeString(own, "");

    group.create();

    assertThat(own).hasContent("0-3");
  }

  @Test
  void aContainerIsFoundByItsIdUnderEitherDriver() throws IOException {
    two();
    Path plain = folder(POD + "abc123");
    Path systemd = folder("kubepods.slice/kubepods-pod2.slice/cri-containerd-def456.scope");

    assertThat(Cgroup.inContainer(root, "abc123", "0a").folders())
        .containsExactly(plain.resolve("muster-f-0a"));
    assertThat(Cgroup.inContainer(root, "def456", "0a").folders())
        .containsExactly(systemd.resolve("muster-f-0a"));
    Cgroup.inContainer(root, "abc123", "0a").create();
    assertThat(Cgroup.ours(root)).containsExactly(plain.resolve("muster-f-0a"));
    assertThatThrownBy(() -> Cgroup.inContainer(root, "999", "0a"))
        .isInstanceOf(FaultException.class)
        .hasMessage("container 999 has no cgroup on this node");
  }

  @Test
  void itsProcessesAreThoseOfAllHierarchiesOnceEach() throws IOException {
    one("cpu", "memory");
    Cgroup group = Cgroup.atRoot(root, "0a");
    assertThat(group.processes()).isEmpty();
    List<Path> files = group.create();
    Files.writeString(files.getFirst(), "7\n8\n");
    Files.writeString(files.getLast(), "8\n9\n");

    assertThat(group.processes()).containsExactlyInAnyOrder(7L, 8L, 9L);
  }

  @Test
  void aProcessIsMovedToTheRootOfEveryHierarchy() throws IOException {
    one("cpu", "memory");
    Cgroup.moveToRoot(root, 4711);

    assertThat(root.resolve("cpu/cgroup.procs")).hasContent("4711");
    assertThat(root.resolve("memory/cgroup.procs")).hasContent("4711");
  }

  /** As of a node that is a container: its root shares out controllers and takes no process. */
  @Test
  void whereTheRootTakesNoProcessItGoesToTheGroupOfInit() throws IOException {
    two();
    folder("cgroup.procs"); // cannot be written
    Path init = folder("init");

    Cgroup.moveToRoot(root, 4711, "3:cpu:/other\n0::/init\n");

    assertThat(init.resolve("cgroup.procs")).hasContent("4711");
    assertThatThrownBy(() -> Cgroup.moveToRoot(root, 4711, "0::/\n"))
        .isInstanceOf(FaultException.class)
        .hasMessageContaining("can not move process 4711");
  }

  @Test
  void aNodeWithoutCgroupsIsRefused() {
    assertThatThrownBy(() -> Cgroup.hierarchies(root))
        .isInstanceOf(FaultException.class)
        .hasMessageContaining("are they mounted into the pod?");
    assertThatThrownBy(() -> Cgroup.hierarchies(root.resolve("none")))
        .isInstanceOf(FaultException.class);
  }

  private void two() throws IOException {
    Files.writeString(root.resolve("cgroup.controllers"), "cpu memory\n");
  }

  private void one(String... hierarchies) throws IOException {
    for (String each : hierarchies) {
      Files.writeString(folder(each).resolve("cgroup.procs"), "");
    }
  }

  private Path folder(String path) throws IOException {
    return Files.createDirectories(root.resolve(path));
  }
}
