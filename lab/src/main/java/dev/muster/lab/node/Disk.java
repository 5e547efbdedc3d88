package dev.muster.lab.node;

import dev.muster.lab.host.Command;
import dev.muster.lab.host.LabException;
import dev.muster.lab.host.Wait;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The disk of a node, in a sparse file: what pods write fills it and not the machine's. The node
 * itself mounts it, so that its loop device ends with the node's mounts; the data stay for the next
 * boot.
 */
record Disk(Path image) {
  private static final String FILE = "disk.img";
  private static final Duration RELEASE = Duration.ofSeconds(10);

  static Disk of(Path node) {
    return new Disk(node.resolve(FILE));
  }

  /** The disks of all nodes of a lab. */
  static List<Disk> all(Path lab) {
    List<Disk> found = new ArrayList<>();
    Path nodes = lab.resolve("nodes");
    if (!Files.isDirectory(nodes)) {
      return found;
    }
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(nodes)) {
      folders.forEach(node -> found.add(of(node)));
    } catch (IOException e) {
      throw new LabException("can not list " + nodes + ": " + e.getMessage());
    }
    return found;
  }

  /** Formats it once; a later boot finds the data of the one before. */
  void ensure(long bytes) {
    if (Files.exists(image)) {
      // two mounts of the same blocks that do not know of each other would destroy the data
      if (!Wait.until(() -> loops().isEmpty(), RELEASE)) {
        throw new LabException("the disk " + image + " is still in use by " + loops());
      }
      return;
    }
    Path fresh = image.resolveSibling(FILE + ".new");
    Command.run("truncate", "--size=" + bytes, fresh.toString());
    // a power cut is no crash of the kernel, which still writes everything: no journal needed
    Command.run(
        "mkfs.ext4",
        "-q",
        "-F",
        "-m",
        "0",
        "-O",
        "^has_journal",
        "-E",
        "nodiscard,lazy_itable_init=1",
        fresh.toString());
    try {
      Files.move(fresh, image);
    } catch (IOException e) {
      throw new LabException("can not write " + image + ": " + e.getMessage());
    }
  }

  /** The loop devices that carry it: one while its node is on, else none. */
  List<String> loops() {
    if (!Files.exists(image)) {
      return List.of();
    }
    return Command.run(
            "losetup", "--noheadings", "--output", "NAME", "--associated", image.toString())
        .lines()
        .map(String::strip)
        .toList();
  }

  /** Frees the loop device of a node that is gone, should the kernel not have done so. */
  void release() {
    if (!Wait.until(() -> loops().isEmpty(), RELEASE)) {
      loops().forEach(loop -> Command.tried(List.of("losetup", "--detach", loop), Map.of()));
    }
  }
}
