package dev.muster.lab.node;

import dev.muster.lab.host.Command;
import dev.muster.lab.host.LabException;
import dev.muster.lab.host.ProcessId;
import dev.muster.lab.host.Wait;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The images, imported once into a containerd root that every node then copies. Content and layers
 * never change after the import, so the copy is made of hard links and takes well under a second;
 * only the databases are copied for real.
 */
public record GoldenImages(Path cache, List<Image> images) {
  private static final List<String> DATABASES =
      List.of(
          "io.containerd.metadata.v1.bolt/meta.db",
          "io.containerd.snapshotter.v1.overlayfs/metadata.db");

  private Path root() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (Image image : images) {
        sha.update((image.name() + " " + image.digest() + "\n").getBytes(StandardCharsets.UTF_8));
      }
      return cache
          .resolve("containerd")
          .resolve(HexFormat.of().formatHex(sha.digest()).substring(0, 16));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Imports what is not there yet; a few seconds an image, once. */
  public void ensure(dev.muster.drill.port.Progress progress) {
    if (Files.exists(root())) {
      return;
    }
    Path lock = cache.resolve("containerd.lock");
    try {
      Files.createDirectories(root().getParent());
      try (FileChannel channel =
              FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          var _ = channel.lock()) {
        if (!Files.exists(root())) { // another Muster may have done it meanwhile
          load(progress);
        }
      }
    } catch (IOException e) {
      throw new LabException("can not import images into " + cache + ": " + e.getMessage());
    }
  }

  private void load(dev.muster.drill.port.Progress progress) throws IOException {
    Path work = Files.createTempDirectory(root().getParent(), "import");
    Path socketFolder = Files.createTempDirectory("muster");
    Path socket = socketFolder.resolve("s");
    Path config =
        Files.writeString(
            work.resolve("config.toml"),
            """
            version = 2
            root = "%s"
            state = "%s"
            disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
            [grpc]
            address = "%s"
            """
                .formatted(work.resolve("root"), work.resolve("state"), socket));
    ProcessId containerd =
        Command.start(
            List.of("containerd", "-c", config.toString()), Map.of(), work.resolve("log"));
    try {
      awaitSocket(socket, work);
      for (Image image : images) {
        progress.say("importing image " + image.name());
        Command.run(
            "ctr",
            "-a",
            socket.toString(),
            "-n",
            "k8s.io",
            "images",
            "import",
            image.archive().toString());
      }
    } finally {
      Command.tried(List.of("kill", "-TERM", Long.toString(containerd.pid())), Map.of());
      awaitGone(containerd);
    }
    Files.move(work.resolve("root"), root());
    Command.run("rm", "-rf", work.toString(), socketFolder.toString());
  }

  /**
   * Gives a node its own containerd root. Same file system as the cache, or it becomes a real copy.
   */
  void copyTo(Path node) {
    Command.Result linked =
        Command.tried(List.of("cp", "-al", root().toString(), node.toString()), Map.of());
    if (linked.exit() != 0) {
      Command.run("rm", "-rf", node.toString());
      Command.run("cp", "-a", root().toString(), node.toString());
      return;
    }
    for (String database : DATABASES) {
      Path own = node.resolve(database);
      Command.run(
          "cp", "--remove-destination", root().resolve(database).toString(), own.toString());
    }
  }

  private static void awaitSocket(Path socket, Path work) throws IOException {
    for (int i = 0; i < 200; i++) {
      if (Command.tried(List.of("ctr", "-a", socket.toString(), "version"), Map.of()).exit() == 0) {
        return;
      }
      Wait.millis(50);
    }
    throw new LabException("containerd did not start:\n" + Files.readString(work.resolve("log")));
  }

  private static void awaitGone(ProcessId process) {
    for (int i = 0; i < 200 && process.alive(); i++) {
      Wait.millis(50);
    }
    process.kill();
  }
}
