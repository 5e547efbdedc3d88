package dev.muster.lab.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PackagesTest {
  @TempDir Path folder;

  @Test
  void debianAndUbuntuHaveTheSameNames() throws IOException {
    assertThat(of("ID=debian\n").install("etcd-server")).isEqualTo("apt-get install etcd-server");
    assertThat(of("ID=ubuntu\nID_LIKE=debian\n").install("conntrack"))
        .isEqualTo("apt-get install conntrack");
  }

  @Test
  void fedoraAndThoseLikeItHaveTheirOwn() throws IOException {
    assertThat(of("ID=fedora\n").install("etcd-server")).isEqualTo("dnf install etcd");
    assertThat(of("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n").install("iproute2"))
        .isEqualTo("dnf install iproute");
    assertThat(of("ID=\"rhel\"\n").install("runc")).isEqualTo("dnf install runc");
  }

  @Test
  void anotherIsToldTheName() throws IOException {
    assertThat(of("ID=arch\n").install("conntrack")).contains("Debian").endsWith("conntrack");
    assertThat(Packages.of(folder.resolve("none")).install("runc"))
        .isEqualTo("apt-get install runc");
  }

  @Test
  void theCniPluginsAreWhereTheHostHasThem() throws IOException {
    Path one = Files.createDirectory(folder.resolve("one"));
    Path two = Files.createDirectory(folder.resolve("two"));
    assertThat(Packages.cni(List.of(one, two))).isEqualTo(one);
    Files.createFile(two.resolve("bridge")).toFile().setExecutable(true);
    assertThat(Packages.cni(List.of(one, two))).isEqualTo(two);
  }

  private Packages of(String text) throws IOException {
    return Packages.of(Files.writeString(folder.resolve("os-release"), text));
  }
}
