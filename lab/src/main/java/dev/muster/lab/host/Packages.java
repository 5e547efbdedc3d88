package dev.muster.lab.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How this host installs what is missing, and where its packages put the CNI plugins. Debian's
 * names are the common ones; Fedora and RHEL have others for some (as of Fedora 41 and RHEL 9 with
 * EPEL).
 *
 * @param command that installs
 * @param names of this host by Debian's, where they differ
 */
public record Packages(String command, Map<String, String> names) {
  private static final Map<String, String> FEDORA =
      Map.of(
          "etcd-server", "etcd",
          "conntrack", "conntrack-tools",
          "iproute2", "iproute",
          "iptables", "iptables-nft",
          "busybox-static", "busybox");

  /** Debian's and Ubuntu's, Fedora's and RHEL's, and where CNI's own archive goes. */
  private static final List<Path> CNI =
      List.of(Path.of("/usr/lib/cni"), Path.of("/usr/libexec/cni"), Path.of("/opt/cni/bin"));

  /**
   * @param osRelease os-release(5); Debian is assumed where it cannot be read
   */
  static Packages of(Path osRelease) {
    List<String> like = likes(osRelease);
    if (like.stream().anyMatch(l -> l.equals("fedora") || l.equals("rhel"))) {
      return new Packages("dnf install", FEDORA);
    }
    if (like.isEmpty() || like.contains("debian")) {
      return new Packages("apt-get install", Map.of());
    }
    return new Packages("install, by Debian's name:", Map.of());
  }

  public String install(String debian) {
    return command + " " + names.getOrDefault(debian, debian);
  }

  /** The first folder that has the bridge plugin, or Debian's. */
  public static Path cni() {
    return cni(CNI);
  }

  static Path cni(List<Path> folders) {
    return folders.stream()
        .filter(f -> Files.isExecutable(f.resolve("bridge")))
        .findFirst()
        .orElse(folders.getFirst());
  }

  private static List<String> likes(Path osRelease) {
    try (Stream<String> lines = Files.lines(osRelease)) {
      return lines
          .filter(l -> l.startsWith("ID=") || l.startsWith("ID_LIKE="))
          .map(l -> l.substring(l.indexOf('=') + 1).replace("\"", ""))
          .flatMap(l -> Arrays.stream(l.split(" ")))
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Of this host. */
  public static Packages ofHost() {
    return of(
        Optional.of(Path.of("/etc/os-release"))
            .filter(Files::exists)
            .orElse(Path.of("/usr/lib/os-release")));
  }
}
