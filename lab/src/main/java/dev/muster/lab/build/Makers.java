package dev.muster.lab.build;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** What makes components and images: needed is only what makes something that the cache lacks. */
public record Makers(Lacking lacking) {
  private static final int JAVA = 25;
  private static final String BUNDLE = ", or take a bundle: muster bundle import FILE|URL";

  /** A row for each, in Doctor's table. */
  public List<Doctor.Need> table() {
    List<Doctor.Need> needs = new ArrayList<>();
    boolean jlink = lacking.tools().contains(Lacking.Tool.JLINK);
    needs.add(java(jlink));
    needs.add(maker(Lacking.Tool.GO, "go 1.26", Makers::go));
    needs.add(
        maker(
            Lacking.Tool.PIP,
            "python3",
            () -> Doctor.program("python3", "fetches Envoy", "python3", "--version")));
    needs.add(maker(Lacking.Tool.PIP, "pip", Makers::pip));
    needs.add(
        maker(
            Lacking.Tool.MMDEBSTRAP,
            "mmdebstrap",
            () -> Doctor.program("mmdebstrap", "base layer of images", "mmdebstrap", "--version")));
    needs.add(
        maker(Lacking.Tool.BUSYBOX, "busybox (static)", () -> busybox(Doctor.onPath("busybox"))));
    return needs;
  }

  private Doctor.Need maker(Lacking.Tool tool, String name, Supplier<Doctor.Need> looked) {
    if (!lacking.tools().contains(tool)) {
      return new Doctor.Need(
          name, "the cache or the bundle holds what it makes", true, "not needed", "nothing to do");
    }
    Doctor.Need need = looked.get();
    return new Doctor.Need(
        need.name(), need.why(), need.present(), need.version(), need.howToGet() + BUNDLE);
  }

  private static Doctor.Need java(boolean whole) {
    Path jlink = Path.of(System.getProperty("java.home"), "bin/jlink");
    return new Doctor.Need(
        whole ? "JDK " + JAVA : "Java " + JAVA,
        whole ? "runs Muster, and its jlink makes the images' runtime" : "runs Muster",
        Runtime.version().feature() >= JAVA && (!whole || Files.isExecutable(jlink)),
        Runtime.version().toString(),
        "install a whole JDK "
            + JAVA
            + " or newer (https://adoptium.net) and set JAVA_HOME"
            + (whole ? BUNDLE : ""));
  }

  private static Doctor.Need go() {
    String version = Doctor.version("go", "version");
    return new Doctor.Need(
        "go 1.26",
        "compiles Kubernetes",
        version != null && atLeast(version, 1, 26),
        version == null ? "" : Doctor.number(version),
        "install Go 1.26 or newer (https://go.dev/dl) and put its bin on PATH");
  }

  private static Doctor.Need pip() {
    String version = Doctor.version("python3", "-m", "pip", "--version");
    return new Doctor.Need(
        "pip",
        "fetches Envoy",
        version != null,
        version == null ? "" : Doctor.number(version),
        Doctor.install("python3-pip"));
  }

  static Doctor.Need busybox(@Nullable Path program) {
    boolean isStatic = program != null && isStatic(program);
    return new Doctor.Need(
        "busybox (static)",
        "shell of the smallest image",
        isStatic,
        program == null ? "" : isStatic ? "static" : "not static",
        Doctor.install("busybox-static"));
  }

  static boolean atLeast(String text, int major, int minor) {
    Matcher m = Doctor.NUMBERS.matcher(text);
    if (!m.find()) {
      return false;
    }
    int found = Integer.parseInt(m.group(1));
    return found > major || (found == major && Integer.parseInt(m.group(2)) >= minor);
  }

  /** Whether a 64-bit ELF program names no interpreter (program header PT_INTERP, elf(5)). */
  static boolean isStatic(Path program) {
    try (FileChannel channel = FileChannel.open(program)) {
      ByteBuffer head = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
      while (head.hasRemaining() && channel.read(head) >= 0) {}
      head.flip();
      if (head.limit() < 64 || head.getInt(0) != 0x464c457f || head.get(4) != 2) {
        return false;
      }
      long table = head.getLong(32);
      int size = head.getShort(54);
      int count = head.getShort(56);
      for (int i = 0; i < count; i++) {
        long at = table + (long) i * size;
        if (at < 0 || at + 4 > head.limit() || head.getInt((int) at) == 3) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
