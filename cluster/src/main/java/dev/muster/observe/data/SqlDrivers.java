package dev.muster.observe.data;

import dev.muster.observe.ObservationException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * JDBC drivers: those of the class path, and the jars in a folder. Muster brings none.
 *
 * @param folder need not exist
 */
record SqlDrivers(Path folder) {

  /**
   * @param url with its secrets
   * @param told what stands for it in messages
   * @throws ObservationException if there is none for it
   */
  Driver driverOf(String url, String told) {
    Iterator<Driver> all = ServiceLoader.load(Driver.class, loader()).iterator();
    while (true) {
      try {
        if (!all.hasNext()) {
          break;
        }
        Driver driver = all.next();
        if (driver.acceptsURL(url)) {
          return driver;
        }
      } catch (SQLException | ServiceConfigurationError e) {
        // not this one
      }
    }
    throw new ObservationException(
        "no JDBC driver for " + told + ": put its jar into " + folder + " and give the run again");
  }

  /** Stays open: a driver loads classes as long as it is used. */
  private ClassLoader loader() {
    var parent = SqlDrivers.class.getClassLoader();
    if (!Files.isDirectory(folder)) {
      return parent;
    }
    try (Stream<Path> jars = Files.list(folder)) {
      URL[] urls =
          jars.filter(jar -> jar.toString().endsWith(".jar"))
              .sorted()
              .map(SqlDrivers::url)
              .toArray(URL[]::new);
      return new URLClassLoader(urls, parent);
    } catch (IOException e) {
      throw new ObservationException("can not read " + folder + ": " + e.getMessage());
    }
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new ObservationException("can not read " + jar + ": " + e.getMessage());
    }
  }
}
