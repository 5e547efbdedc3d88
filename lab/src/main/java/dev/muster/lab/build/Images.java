package dev.muster.lab.build;

import dev.muster.drill.port.Progress;
import dev.muster.lab.host.Digests;
import dev.muster.lab.host.LabException;
import dev.muster.lab.node.Image;
import dev.muster.source.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Container images without a container daemon: layers are tar files of fixed times and order, so
 * that the same content gives the same image; the cache's key is that content.
 */
public final class Images {
  /** Ends the name of the file that says which archive a definition has become. */
  public static final String REFERENCE = ".image";

  private final Path definitions;
  private final Path cache;
  private final Path built;
  private final Components components;
  private final Progress progress;

  /**
   * @param base name of the Debian packages underneath; null means from scratch
   * @param monitoring true where only charts/monitoring needs it, else absent
   * @param runAs null: root's, with nothing in its environment besides the path
   */
  record Definition(
      String name,
      @Nullable String base,
      @Nullable Boolean monitoring,
      Map<String, String> files,
      List<String> command,
      @Nullable RunAs runAs) {

    /** Part of the cache's key: an image that says nothing of its process is as old as it was. */
    @Override
    public String toString() {
      String image =
          "Definition[name=%s, base=%s, monitoring=%s, files=%s, command=%s]"
              .formatted(name, base, monitoring, files, command);
      return runAs == null ? image : image + runAs;
    }
  }

  /** Like {@code 65532:65532} and {@code HOME=/data}. */
  record RunAs(String user, List<String> environment) {}

  record File(
      Map<String, List<String>> bases, Map<String, List<String>> jres, List<Definition> images) {}

  /** Takes the source tree, built: its target folder has the jars of our own images. */
  public Images(Path dist, Path cache, Components components, Progress progress) {
    this("images.yaml", dist, cache, components, progress);
  }

  /**
   * Muster's own image, which no lab needs.
   *
   * @param archive the folder that Muster came in
   * @throws LabException where that is a source tree: it has no runtime
   */
  public static Images own(Path archive, Path cache, Components components, Progress progress) {
    if (!Files.isDirectory(archive.resolve("runtime"))) {
      throw new LabException(
          "Muster's own image is made of an archive alone: dist/build makes one in target/dist;"
              + " unpack it, and ask its bin/muster");
    }
    return new Images("muster.yaml", archive, cache, components, progress);
  }

  private Images(
      String definitions, Path dist, Path cache, Components components, Progress progress) {
    this.definitions = dist.resolve("images").resolve(definitions);
    this.cache = cache.resolve("images");
    this.built = dist.resolve("target");
    this.components = components;
    this.progress = progress;
  }

  /**
   * Images of the lab, built where the cache does not have them. The Go programs must be there.
   *
   * @param monitoring those of charts/monitoring too
   */
  public List<Image> ensure(boolean monitoring) {
    return ensure(of(monitoring));
  }

  /** Some, by the last part of their names. */
  public List<Image> ensure(List<String> names) {
    return ensure(
        definition -> names.stream().anyMatch(n -> definition.name().contains("/" + n + ":")));
  }

  /**
   * What the images that the cache lacks are made of besides Go programs: packages, runtimes,
   * Envoy. May go on while those programs are compiled.
   */
  public void gather(boolean monitoring) {
    try {
      Files.createDirectories(cache);
      Ingredients from = ingredients();
      for (Definition definition : from.file().images()) {
        if (of(monitoring).test(definition) && kept(definition, from) == null) {
          from.gather(definition);
        }
      }
    } catch (IOException e) {
      throw new LabException("can not build images from " + definitions + ": " + e.getMessage());
    }
  }

  private static Predicate<Definition> of(boolean monitoring) {
    return definition -> monitoring || definition.monitoring() == null;
  }

  private List<Image> ensure(Predicate<Definition> wanted) {
    try {
      Files.createDirectories(cache);
      Ingredients from = ingredients();
      List<Image> images = new ArrayList<>();
      for (Definition definition : from.file().images()) {
        if (wanted.test(definition)) {
          images.add(image(definition, from));
        }
      }
      return images;
    } catch (IOException e) {
      throw new LabException("can not build images from " + definitions + ": " + e.getMessage());
    }
  }

  private Ingredients ingredients() throws IOException {
    File file = new YAMLMapper().readValue(Files.readString(definitions), File.class);
    return new Ingredients(file, cache, built, components, progress);
  }

  /** What the cache lacks for the images of a lab: they, and what of theirs has to be made. */
  Lacking lacking(boolean monitoring) {
    try {
      Ingredients from = ingredients();
      Set<String> sets = new LinkedHashSet<>();
      List<String> images = new ArrayList<>();
      Set<Lacking.Tool> tools = EnumSet.noneOf(Lacking.Tool.class);
      for (Definition definition : from.file().images()) {
        if (of(monitoring).test(definition) && kept(definition, from) == null) {
          images.add(definition.name());
          definition.files().keySet().stream()
              .map(Ingredients::set)
              .filter(s -> !s.isEmpty())
              .forEach(sets::add);
          tools.addAll(from.tools(definition));
        }
      }
      return new Lacking(components.lacking(List.copyOf(sets)), images, tools);
    } catch (IOException e) {
      throw new LabException("can not read " + definitions + ": " + Trouble.why(e));
    }
  }

  /** Files of images that are there, for a bundle. */
  public List<CachedFile> files() {
    List<CachedFile> files = new ArrayList<>();
    try {
      Ingredients from = ingredients();
      for (Definition definition : from.file().images()) {
        Image image = image(definition, from);
        String name = definition.name().substring(definition.name().lastIndexOf('/') + 1);
        int colon = name.indexOf(':');
        for (Path path : List.of(image.archive(), reference(definition, from))) {
          files.add(
              new CachedFile(
                  "images/" + path.getFileName(),
                  path,
                  name.substring(0, colon),
                  name.substring(colon + 1)));
        }
      }
      return files;
    } catch (IOException e) {
      throw new LabException("can not read " + definitions + ": " + Trouble.why(e));
    }
  }

  /**
   * The image that was made, here or by the maker of a bundle, from the same definition, recipes,
   * packages by name and jars: which host's Debian files and JDK went into it does not matter.
   */
  private @Nullable Image kept(Definition definition, Ingredients from) throws IOException {
    Path reference = reference(definition, from);
    if (!Files.exists(reference)) {
      return null;
    }
    String digest = Files.readString(reference).strip();
    Path archive = archive(digest);
    return Files.exists(archive) ? new Image(definition.name(), archive, digest) : null;
  }

  /** The file that says which archive a definition has become. */
  private Path reference(Definition definition, Ingredients from) {
    StringBuilder recipe = new StringBuilder(Archive.FORM + definition);
    String base = definition.base();
    if (base != null) {
      recipe.append(from.baseRecipe(base));
    }
    for (String key : definition.files().keySet()) {
      recipe.append('\n').append(from.recipe(key));
    }
    return cache.resolve(Digests.text(recipe.toString()).substring(0, 16) + REFERENCE);
  }

  private Path archive(String digest) {
    return cache.resolve(digest.substring(0, Math.min(16, digest.length())) + ".tar");
  }

  private Image image(Definition definition, Ingredients from) throws IOException {
    Image kept = kept(definition, from);
    if (kept != null) {
      return kept;
    }
    String packages = definition.base();
    Path base = packages == null ? null : from.base(packages);
    StringBuilder content = new StringBuilder(Archive.FORM + definition);
    if (base != null) {
      content.append(base.getFileName());
    }
    List<Map.Entry<Path, String>> files = new ArrayList<>();
    for (Map.Entry<String, String> entry : definition.files().entrySet()) {
      Path source = from.source(entry.getKey());
      files.add(Map.entry(source, entry.getValue()));
      content.append(entry.getValue()).append(Digests.content(source));
    }
    String digest = Digests.text(content.toString());
    Path archive = archive(digest);
    if (!Files.exists(archive)) {
      progress.say("building image " + definition.name());
      new Archive(cache).write(archive, definition, base, files);
    }
    Path reference = reference(definition, from);
    Path fresh = Files.createTempFile(cache, "reference", ".new");
    Files.writeString(fresh, digest + "\n");
    Files.move(fresh, reference, StandardCopyOption.ATOMIC_MOVE);
    return new Image(definition.name(), archive, digest);
  }
}
