package dev.muster.lab.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Inotify instances of this user, of which the kernel allows few: 128 by default. Where they run
 * out a kubelet ends with "inotify_init: too many open files" as often as it is started.
 *
 * @param limit {@code fs.inotify.max_user_instances} (inotify(7))
 * @param used open now; one that two processes share counts twice
 */
public record Inotify(long limit, long used) {
  /** Kubelet 6, kube-proxy 1, containerd 1: counted in labs of 1.37.2 by their open files. */
  private static final int NODE = 8;

  /** API server 3, controller manager 1, counted likewise. */
  private static final int CONTROL_PLANE = 4;

  /** How to have more of them. */
  public static final String MORE = "sysctl -w fs.inotify.max_user_instances=512";

  /** More bytes than any number has. */
  private static final int LONGEST = 32;

  /**
   * Processes of others can be looked into by root only.
   *
   * @param proc like /proc
   * @return null where the kernel tells no limit
   */
  public static @Nullable Inotify of(Path proc) {
    // by one read: the kernel has nothing to say from anywhere but the beginning of such a file,
    // and Files.readString asks for one byte first
    try (InputStream file =
        Files.newInputStream(proc.resolve("sys/fs/inotify/max_user_instances"))) {
      String limit = new String(file.readNBytes(LONGEST), StandardCharsets.US_ASCII);
      return new Inotify(Long.parseLong(limit.strip()), used(proc));
    } catch (IOException | NumberFormatException e) {
      return null;
    }
  }

  /** So many a lab of so many nodes takes. */
  public static int wanted(int nodes) {
    return CONTROL_PLANE + nodes * NODE;
  }

  /** Why a lab of so many nodes cannot start, or nothing. */
  public Optional<String> refusal(int nodes) {
    return holds(wanted(nodes))
        ? Optional.empty()
        : Optional.of(
            "a lab of %d nodes needs %d inotify instances, and %s; take another lab down, or: %s"
                .formatted(nodes, wanted(nodes), this, MORE));
  }

  public boolean holds(int wanted) {
    return limit - used >= wanted;
  }

  @Override
  public String toString() {
    return used + " of " + limit + " are in use";
  }

  private static long used(Path proc) throws IOException {
    String user = System.getProperty("user.name", "");
    long used = 0;
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        try {
          used += Files.getOwner(process).getName().equals(user) ? instances(process) : 0;
        } catch (IOException e) {
          // it ended meanwhile
        }
      }
    }
    return used;
  }

  private static long instances(Path process) {
    // java.io's list: that the process ends meanwhile is no exception there
    String[] files = process.resolve("fd").toFile().list();
    return files == null
        ? 0
        : Arrays.stream(files).filter(f -> inotify(process.resolve("fd").resolve(f))).count();
  }

  private static boolean inotify(Path file) {
    try {
      return Files.readSymbolicLink(file).toString().equals("anon_inode:inotify");
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }
}
