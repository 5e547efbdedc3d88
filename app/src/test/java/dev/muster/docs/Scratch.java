package dev.muster.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import javax.tools.ToolProvider;

/**
 * What Muster says of something that is added to it: files of {@code scratch/} are compiled, with
 * changed lists of Muster's own, and lie before it on a class path.
 */
final class Scratch {
  private final Path folder;
  private final Path out;
  private final List<String> files = new ArrayList<>();

  Scratch(Path folder) throws IOException {
    this.folder = folder;
    this.out = Files.createDirectory(folder.resolve("classes"));
  }

  /** Files of {@code scratch/}, without their ending. */
  Scratch files(String... names) {
    Arrays.stream(names)
        .map(name -> Scratch.class.getResource("/scratch/" + name + ".java"))
        .map(resource -> Path.of(Objects.requireNonNull(resource).getPath()).toString())
        .forEach(files::add);
    return this;
  }

  /**
   * @param change must change the file
   */
  Scratch changed(String file, UnaryOperator<String> change) throws IOException {
    String shipped = Tree.read(file);
    String now = change.apply(shipped);
    assertThat(now).isNotEqualTo(shipped);
    files.add(Files.writeString(folder.resolve(Path.of(file).getFileName()), now).toString());
    return this;
  }

  /** What stands beside the classes. */
  Scratch resource(String file, String content) throws IOException {
    Path place = out.resolve(file);
    Files.createDirectories(place.getParent());
    Files.writeString(place, content);
    return this;
  }

  /** A line of META-INF/services. */
  Scratch service(String of, String provider) throws IOException {
    return resource("META-INF/services/" + of, provider + "\n");
  }

  /**
   * @param looks class of a {@link Callable} among the files
   */
  Map<String, String> seen(String looks) throws Exception {
    compile();
    List<URL> all = new ArrayList<>(List.of(url(out)));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      all.add(url(Path.of(entry)));
    }
    try (URLClassLoader loader =
        new URLClassLoader(all.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Object made = loader.loadClass(looks).getDeclaredConstructor().newInstance();
      @SuppressWarnings("unchecked")
      Callable<Map<String, String>> seen = (Callable<Map<String, String>>) made;
      ClassLoader before = Thread.currentThread().getContextClassLoader();
      Thread.currentThread().setContextClassLoader(loader);
      try {
        return seen.call();
      } finally {
        Thread.currentThread().setContextClassLoader(before);
      }
    }
  }

  private static URL url(Path path) throws MalformedURLException {
    return path.toUri().toURL();
  }

  private void compile() {
    String classPath = System.getProperty("java.class.path");
    List<String> arguments =
        new ArrayList<>(List.of("-proc:none", "-cp", classPath, "-d", out.toString()));
    arguments.addAll(files);
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, arguments.toArray(String[]::new)))
        .isZero();
  }
}
