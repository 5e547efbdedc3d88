package dev.muster.lab.registry;

import com.google.cloud.tools.jib.api.Credential;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A repository of a registry, by the API of the OCI distribution specification 1.1. Whoever it asks
 * for a token or a password gets the one of docker login, and nobody's where there is none. For one
 * thread.
 */
public final class OciRegistry {
  private static final int UNKNOWN = 401;
  private static final int MOST_BYTES = 4 << 20;

  /** A body may take a second for as many bytes. */
  private static final long SLOWEST = 100_000;

  private final OciReference reference;
  private final Http http;
  private final DockerLogin login;
  private @Nullable String authorization;

  public OciRegistry(OciReference reference, Http http, DockerLogin login) {
    this.reference = reference;
    this.http = http;
    this.login = login;
  }

  /** One way to ask, done again with a token where that is wanted. */
  private interface Request {
    HttpResponse<InputStream> send(Map<String, String> headers) throws IOException;
  }

  public OciReference reference() {
    return reference;
  }

  /** The manifest of the tag or digest, as it is. */
  public byte[] manifest(String accept) throws IOException {
    URI uri = reference.uri("manifests/" + reference.qualifier());
    try (InputStream body = got(uri, Map.of("Accept", accept)).body()) {
      byte[] manifest = body.readNBytes(MOST_BYTES);
      if (manifest.length == MOST_BYTES) {
        throw new IOException("its manifest has more than " + MOST_BYTES + " bytes");
      }
      return manifest;
    }
  }

  /** The bytes of a blob, which may be others than were asked for; closed by the caller. */
  public InputStream blob(String digest) throws IOException {
    return http.patient(got(reference.uri("blobs/" + digest), Map.of()).body());
  }

  private HttpResponse<InputStream> got(URI uri, Map<String, String> headers) throws IOException {
    HttpResponse<InputStream> answer = asked("pull", headers, all -> http.get(uri, all));
    if (answer.statusCode() != 200) {
      throw refused(answer);
    }
    return answer;
  }

  /** Puts a blob there, but where it is already. */
  public void upload(String digest, byte[] content) throws IOException {
    upload(digest, BodyPublishers.ofByteArray(content));
  }

  /** Likewise. */
  public void upload(String digest, Path file) throws IOException {
    upload(digest, BodyPublishers.ofFile(file));
  }

  private void upload(String digest, BodyPublisher content) throws IOException {
    URI there = reference.uri("blobs/" + digest);
    HttpResponse<InputStream> head =
        asked("pull,push", Map.of(), all -> http.send("HEAD", there, all));
    head.body().close();
    if (head.statusCode() < 400) { // some send on to where it is
      return;
    }
    URI uploads = reference.uri("blobs/uploads/");
    HttpResponse<InputStream> begun = done(202, Map.of(), all -> http.send("POST", uploads, all));
    begun.body().close();
    String where =
        begun
            .headers()
            .firstValue("Location")
            .orElseThrow(() -> new IOException("the registry does not say where to put a blob"));
    URI at = Http.next(uploads, where);
    URI put = URI.create(at + (at.getRawQuery() == null ? "?" : "&") + "digest=" + digest);
    boolean known = Objects.equals(at.getAuthority(), uploads.getAuthority());
    put(put, "application/octet-stream", content, known);
  }

  /** Puts a manifest under the tag. */
  public void manifest(String type, byte[] manifest) throws IOException {
    URI uri = reference.uri("manifests/" + reference.qualifier());
    put(uri, type, BodyPublishers.ofByteArray(manifest), true);
  }

  private void put(URI uri, String type, BodyPublisher content, boolean known) throws IOException {
    Duration limit = http.patience().plusSeconds(Math.max(0, content.contentLength()) / SLOWEST);
    done(
            201,
            Map.of("Content-Type", type),
            all -> {
              Map<String, String> headers = new HashMap<>(all);
              if (!known) { // who stores it for the registry has put its own word into the address
                headers.remove(Http.AUTHORIZATION);
              }
              return http.send("PUT", uri, headers, content, limit);
            })
        .body()
        .close();
  }

  private HttpResponse<InputStream> done(int status, Map<String, String> headers, Request request)
      throws IOException {
    HttpResponse<InputStream> answer = asked("pull,push", headers, request);
    if (answer.statusCode() != status) {
      throw refused(answer);
    }
    return answer;
  }

  private HttpResponse<InputStream> asked(
      String deeds, Map<String, String> headers, Request request) throws IOException {
    HttpResponse<InputStream> answer = request.send(with(headers));
    if (answer.statusCode() != UNKNOWN) {
      return answer;
    }
    Challenge challenge = Challenge.of(answer.headers().allValues("WWW-Authenticate")).orElse(null);
    if (challenge == null) {
      return answer;
    }
    Credential credential = login.credential(reference.image()).orElse(null);
    if (challenge.scheme().equals(Challenge.BEARER)) {
      answer.body().close();
      String scope = "repository:" + reference.image().getRepository() + ":" + deeds;
      authorization = "Bearer " + new TokenServer(http, challenge).token(credential, scope);
    } else if (credential != null) {
      answer.body().close();
      authorization = TokenServer.basic(credential);
    } else {
      return answer;
    }
    return request.send(with(headers));
  }

  private Map<String, String> with(Map<String, String> headers) {
    Map<String, String> all = new HashMap<>(headers);
    if (authorization != null) {
      all.put(Http.AUTHORIZATION, authorization);
    }
    return all;
  }

  private IOException refused(HttpResponse<InputStream> answer) throws IOException {
    String registry = reference.image().getRegistry();
    try (InputStream body = answer.body()) {
      String said = said(body.readNBytes(MOST_BYTES));
      String why = said.isEmpty() ? "" : " (" + said + ")";
      return new IOException(
          switch (answer.statusCode()) {
            case UNKNOWN, 403 ->
                "the registry does not allow it%s; if you have an account: docker login %s"
                    .formatted(why, registry);
            case 404 -> "the registry has none%s".formatted(why);
            default -> "the registry answers %d%s".formatted(answer.statusCode(), why);
          });
    }
  }

  /** The first of the registry's own words. */
  private static String said(byte[] body) {
    try {
      String said = new JsonMapper().readTree(body).at("/errors/0/message").asString("");
      String cut = said.length() > 200 ? said.substring(0, 200) + "…" : said;
      return cut.replaceAll("\\p{Cntrl}", "?");
    } catch (JacksonException e) { // a page for people
      return "";
    }
  }
}
