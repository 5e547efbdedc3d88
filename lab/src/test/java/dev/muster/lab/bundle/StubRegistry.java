package dev.muster.lab.bundle;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/**
 * A registry that wants a token or a password of everybody, gives the token itself, and sends on to
 * another host for blobs, as the public ones do.
 */
final class StubRegistry implements AutoCloseable {
  private final HttpServer server;
  private final HttpServer storage;

  /** By the last part of its address: a tag or a digest. */
  final Map<String, byte[]> kept = new ConcurrentHashMap<>();

  /** Method, path, query and credentials of all that was asked, and of the storage. */
  final List<String> asked = new CopyOnWriteArrayList<>();

  /** What it wants; the token is {@code t}. */
  volatile String challenge;

  /** What is taken for an answer. */
  volatile String taken = "Bearer t";

  /** What the token server answers. */
  volatile int tokens = 200;

  StubRegistry() throws IOException {
    server = server(this::answer);
    storage = server(this::stored);
    challenge = "Bearer realm=\"http://%s/token\",service=\"s\"".formatted(host());
  }

  private static HttpServer server(com.sun.net.httpserver.HttpHandler handler) throws IOException {
    HttpServer made =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    made.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    made.createContext("/", handler);
    made.start();
    return made;
  }

  String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange of) throws IOException {
    URI uri = of.getRequestURI();
    String who = of.getRequestHeaders().getFirst("Authorization");
    String name = uri.getPath().substring(uri.getPath().lastIndexOf('/') + 1);
    byte[] body;
    try (InputStream in = of.getRequestBody()) {
      body = in.readAllBytes();
    }
    asked.add("%s %s %s".formatted(of.getRequestMethod(), uri, who));
    if (name.equals("token")) {
      asked.add(new String(body, StandardCharsets.UTF_8));
      end(of, tokens, "{\"access_token\": \"t\"}".getBytes(StandardCharsets.UTF_8));
    } else if (!taken.equals(who)) {
      of.getResponseHeaders().add("WWW-Authenticate", challenge);
      end(
          of,
          401,
          "{\"errors\": [{\"message\": \"who are you\"}]}".getBytes(StandardCharsets.UTF_8));
    } else {
      known(of, name, body);
    }
  }

  private void known(HttpExchange of, String name, byte[] body) throws IOException {
    String path = of.getRequestURI().getPath();
    switch (of.getRequestMethod()) {
      case "POST" -> {
        of.getResponseHeaders().add("Location", path + "one?state=1");
        end(of, 202, new byte[0]);
      }
      case "PUT" -> {
        String query = String.valueOf(of.getRequestURI().getQuery());
        kept.put(name.equals("one") ? query.replaceAll(".*digest=", "") : name, body);
        end(of, 201, new byte[0]);
      }
      case "HEAD" -> end(of, kept.containsKey(name) ? 200 : 404, new byte[0]);
      default -> {
        if (kept.containsKey(name) && path.contains("/blobs/")) {
          of.getResponseHeaders()
              .add(
                  "Location",
                  "http://127.0.0.1:%d/%s".formatted(storage.getAddress().getPort(), name));
          end(of, 307, new byte[0]);
        } else {
          end(of, kept.containsKey(name) ? 200 : 404, kept.getOrDefault(name, new byte[0]));
        }
      }
    }
  }

  private void stored(HttpExchange of) throws IOException {
    asked.add("storage " + of.getRequestHeaders().getFirst("Authorization"));
    end(of, 200, kept.getOrDefault(of.getRequestURI().getPath().substring(1), new byte[0]));
  }

  private static void end(HttpExchange of, int status, byte[] body) throws IOException {
    boolean silent = body.length == 0 || of.getRequestMethod().equals("HEAD");
    of.sendResponseHeaders(status, silent ? -1 : body.length);
    if (!silent) {
      of.getResponseBody().write(body);
    }
    of.close();
  }

  @Override
  public void close() {
    server.stop(0);
    storage.stop(0);
  }
}
