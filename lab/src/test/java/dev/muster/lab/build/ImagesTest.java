package dev.muster.lab.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.lab.host.Command;
import dev.muster.lab.host.LabException;
import dev.muster.lab.node.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagesTest {
  @TempDir Path folder;

  @Test
  void theSameContentGivesTheSameBytesAtAnyTime() throws IOException {
    Path file = Files.writeString(folder.resolve("program"), "content");
    var definition =
        new Images.Definition("muster.dev/x:1", null, null, Map.of(), List.of("/program"), null);
    Path first = folder.resolve("first.tar");
    Path second = folder.resolve("second.tar");
    new Archive(folder).write(first, definition, null, List.of(Map.entry(file, "/bin/program")));
    Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(1));
    new Archive(folder).write(second, definition, null, List.of(Map.entry(file, "/bin/program")));
    assertThat(first).hasSameBinaryContentAs(second);
  }

  /** Jib takes an entry "./" for one that points outside, and pushes nothing. */
  @Test
  void noEntryOfAnArchiveOrItsLayerIsTheFolderItself() throws IOException {
    Path file = Files.writeString(folder.resolve("program"), "content");
    var definition =
        new Images.Definition("muster.dev/x:1", null, null, Map.of(), List.of("/program"), null);
    Path archive = folder.resolve("x.tar");
    new Archive(folder).write(archive, definition, null, List.of(Map.entry(file, "/bin/program")));
    assertThat(entries(archive)).containsExactly("config.json", "content.tar", "manifest.json");
    Command.run("tar", "-xf", archive.toString(), "-C", folder.toString(), "content.tar");
    assertThat(entries(folder.resolve("content.tar"))).containsExactly("bin/", "bin/program");
  }

  /** Whoever an image runs as reads it all; a link's content is where the link was. */
  @Test
  void aFolderIsPackedInOrderWithTheRightsOfAllAndWithoutLinks() throws IOException {
    Path source = Files.createDirectories(folder.resolve("source/" + "long".repeat(30)));
    Path program = Files.writeString(source.resolve("program"), "content");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    Files.createSymbolicLink(folder.resolve("source/a"), program);
    Path secret = Files.writeString(folder.resolve("source/b"), "");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    var definition =
        new Images.Definition("muster.dev/x:1", null, null, Map.of(), List.of("/program"), null);
    Path archive = folder.resolve("x.tar");
    new Archive(folder)
        .write(archive, definition, null, List.of(Map.entry(folder.resolve("source"), "/opt/s")));
    Command.run("tar", "-xf", archive.toString(), "-C", folder.toString(), "content.tar");
    Path layer = folder.resolve("content.tar");
    String name = "opt/s/" + "long".repeat(30);
    assertThat(entries(layer))
        .containsExactly("opt/", "opt/s/", "opt/s/a", "opt/s/b", name + "/", name + "/program");
    assertThat(Command.run("tar", "-tvf", layer.toString()).lines().map(l -> l.substring(0, 10)))
        .containsExactly(
            "drwxr-xr-x", "drwxr-xr-x", "-rwxr-xr-x", "-rw-r--r--", "drwxr-xr-x", "-rwxr-xr-x");
    assertThat(Command.run("tar", "-xOf", layer.toString(), "opt/s/a")).isEqualTo("content");
  }

  @Test
  void anImageOfItsBaseAloneHasALayerWithoutEntries() throws IOException {
    var definition =
        new Images.Definition("muster.dev/x:1", "libc", null, Map.of(), List.of("/program"), null);
    Path archive = folder.resolve("x.tar");
    new Archive(folder).write(archive, definition, null, List.of());
    assertThat(entries(archive)).contains("content.tar");
    Command.run("tar", "-xf", archive.toString(), "-C", folder.toString(), "content.tar");
    assertThat(entries(folder.resolve("content.tar"))).isEmpty();
  }

  /** Its cache's key is that of the time before an image could say more of its process. */
  @Test
  void anImageRunsAsItsUserAndTheOthersAreAsTheyWere() throws IOException {
    var root = new Images.Definition("muster.dev/x:1", "libc", null, Map.of(), List.of("/x"), null);
    assertThat(root)
        .hasToString(
            "Definition[name=muster.dev/x:1, base=libc, monitoring=null, files={}, command=[/x]]");
    var runAs = new Images.RunAs("65532:65532", List.of("HOME=/data"));
    var user =
        new Images.Definition("muster.dev/x:1", "libc", null, Map.of(), List.of("/x"), runAs);
    assertThat(user.toString()).isNotEqualTo(root.toString());
    Path archive = folder.resolve("x.tar");
    new Archive(folder).write(archive, user, null, List.of());
    Command.run("tar", "-xf", archive.toString(), "-C", folder.toString(), "config.json");
    assertThat(folder.resolve("config.json"))
        .content() // in one order: an image's name by content is this file's sum
        .matches(
            "\\{\"architecture\":.*,\"config\":\\{\"Ent.*,\"Env\":.*\"os\":.*\"rootfs\":\\{\"diff_.*")
        .contains("\"User\":\"65532:65532\"", "/jre/bin\",\"HOME=/data\"]");
  }

  /** In the source tree there is no runtime; nothing is asked of anybody before that is said. */
  @Test
  void mustersOwnImageIsMadeOfAnArchiveAloneAndOfNoLab() throws IOException {
    Path tree = Path.of("..").toRealPath();
    var components = new Components(tree, folder, text -> {});
    assertThatThrownBy(() -> Images.own(tree, folder, components, text -> {}))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("dist/build makes one in target/dist");
    assertThat(Files.readString(tree.resolve("images/images.yaml"))).doesNotContain("${muster}");
  }

  private Images images(Path cache) throws IOException {
    Files.createDirectories(folder.resolve("dist/images"));
    Files.createDirectories(folder.resolve("dist/target/agent"));
    Files.writeString(folder.resolve("dist/target/agent/agent.jar"), "jar");
    Files.writeString(
        folder.resolve("dist/images/images.yaml"),
        """
        bases: {}
        jres: {}
        images:
          - name: muster.dev/agent:2
            files: {"${agent}": /agent, "%s": /program}
            command: [/program]
          - name: muster.dev/watch:1
            monitoring: true
            files: {"%s": /program}
            command: [/program]
        """
            .formatted(folder.resolve("program"), folder.resolve("program")));
    var components = new Components(folder.resolve("dist"), cache, _ -> {});
    return new Images(folder.resolve("dist"), cache, components, _ -> {});
  }

  /** As a bundle brings it to a machine that could not make it. */
  @Test
  void anImageIsKnownByWhatDecidesItAndNotByTheFilesOfTheHost() throws IOException {
    Path program = Files.writeString(folder.resolve("program"), "of Debian");
    Path maker = folder.resolve("maker");
    Path user = folder.resolve("user");
    Images made = images(maker);
    assertThat(made.lacking(false).images()).containsExactly("muster.dev/agent:2");
    List<Image> all = made.ensure(true);
    assertThat(made.lacking(true).nothing()).isTrue();

    for (CachedFile file : made.files()) {
      Files.createDirectories(user.resolve(file.path()).getParent());
      Files.copy(file.file(), user.resolve(file.path()));
    }
    Files.delete(program);
    Images brought = images(user);
    assertThat(brought.lacking(true).nothing()).isTrue();
    assertThat(brought.ensure(true))
        .extracting(Image::name, Image::digest, i -> i.archive().getFileName())
        .containsExactlyElementsOf(
            all.stream()
                .map(i ->
                    org.assertj.core.groups.Tuple.tuple(
                        i.name(), i.digest(), i.archive().getFileName()))
                .toList());
  }

  @Test
  void whatGoDoesNotMakeIsGatheredOnceAndBeforeTheProgramsAreThere() throws IOException {
    Path cache = folder.resolve("cache");
    images(cache);
    List<String> told = new ArrayList<>();
    Files.writeString(
        folder.resolve("dist/images/images.yaml"),
        """
        bases: {}
        jres: {least: [java.base]}
        images:
          - name: muster.dev/coredns:1
            files: {"${coredns}": /coredns, "${least}": /jre}
            command: [/coredns]
        """);
    Files.createDirectories(folder.resolve("dist/kubernetes/coredns"));
    for (String file : List.of("go.mod", "go.sum")) {
      Files.createFile(folder.resolve("dist/kubernetes/coredns").resolve(file));
    }
    var images =
        new Images(
            folder.resolve("dist"),
            cache,
            new Components(folder.resolve("dist"), cache, told::add),
            told::add);
    images.gather(false);
    images.gather(false);
    assertThat(told).containsExactly("making the Java runtime");
  }

  @Test
  void anImageOfOtherJarsOrWithoutItsArchiveIsLacking() throws IOException {
    Files.writeString(folder.resolve("program"), "of Debian");
    Path cache = folder.resolve("cache");
    Images images = images(cache);
    Image agent = images.ensure(false).getFirst();
    Files.writeString(folder.resolve("dist/target/agent/agent.jar"), "newer jar");
    assertThat(images.lacking(false).images()).containsExactly("muster.dev/agent:2");
    assertThat(images.ensure(false).getFirst().digest()).isNotEqualTo(agent.digest());
    Files.writeString(folder.resolve("dist/target/agent/agent.jar"), "jar");
    assertThat(images.lacking(false).nothing()).isTrue();
    Files.delete(agent.archive());
    assertThat(images.lacking(false).nothing()).isFalse();
  }

  @Test
  void lackingTellsOnlyTheToolsThatWouldBeUsed() {
    Path dist = Path.of("..");
    Path cache = folder.resolve("cache");
    Images images = new Images(dist, cache, new Components(dist, cache, _ -> {}), _ -> {});
    Lacking lacking = images.lacking(false);
    assertThat(lacking.sets()).containsExactly("coredns", "contour");
    assertThat(lacking.tools())
        .containsExactlyInAnyOrder(
            Lacking.Tool.JLINK, Lacking.Tool.PIP, Lacking.Tool.MMDEBSTRAP, Lacking.Tool.BUSYBOX);
    assertThat(images.lacking(true).sets()).contains("prometheus", "kube-state-metrics");
  }

  private static List<String> entries(Path tar) {
    return Command.run("tar", "-tf", tar.toString()).lines().toList();
  }

  @Test
  void aPushGoesUnderTheUsersPrefix() throws Exception {
    assertThat(
            new ImagePush("registry.example.com/drills/", false, Map.of())
                .target("muster.dev/etcd:3.4"))
        .hasToString("registry.example.com/drills/etcd:3.4");
  }

  @Test
  void aRegistryThatSpeaksNoTlsNamesTheWayToIt() {
    var trouble = new java.util.concurrent.ExecutionException(new SSLException("Unrecognized"));
    assertThat(ImagePush.reason(trouble)).startsWith("Unrecognized; --insecure permits plain HTTP");
    assertThat(ImagePush.reason(new IOException("Connection refused")))
        .isEqualTo("Connection refused");
  }
}
