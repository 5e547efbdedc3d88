package dev.muster.lab.node;

import dev.muster.lab.host.LabException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Files of the lab that are kept as resources, with {@code ${name}} for what differs. */
public final class Template {
  private Template() {}

  static String text(String resource, Map<String, String> values) {
    try (InputStream in = Template.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + resource);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (Map.Entry<String, String> value : values.entrySet()) {
        text = text.replace("${" + value.getKey() + "}", value.getValue());
      }
      return text;
    } catch (IOException e) {
      throw new IllegalStateException("resource " + resource, e);
    }
  }

  public static Path write(String resource, Map<String, String> values, Path file) {
    try {
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text(resource, values));
    } catch (IOException e) {
      throw new LabException("can not write " + file + ": " + e.getMessage());
    }
  }
}
