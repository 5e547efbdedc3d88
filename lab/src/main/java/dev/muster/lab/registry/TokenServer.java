package dev.muster.lab.registry;

import com.google.cloud.tools.jib.api.Credential;
import dev.muster.source.Proxies;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who gives tokens for a registry: to everybody for what is public, to whom it knows for the rest.
 */
record TokenServer(Http http, Challenge challenge) {
  private static final int MOST_BYTES = 1 << 20;

  /**
   * A token for a deed.
   *
   * @param credential null where nobody logged in
   * @param scope what is asked for where the registry named nothing, like {@code repository:x:pull}
   * @throws IOException if there is none; the message says whether to log in
   */
  String token(@Nullable Credential credential, String scope) throws IOException {
    URI realm = realm();
    String named = challenge.parameter("scope");
    Map<String, String> wanted = new TreeMap<>();
    wanted.put("service", challenge.parameter("service"));
    wanted.put("scope", named.isEmpty() ? scope : named);
    HttpResponse<InputStream> answer;
    if (credential != null && credential.isOAuth2RefreshToken()) {
      wanted.put("grant_type", "refresh_token");
      wanted.put("refresh_token", credential.getPassword());
      wanted.put("client_id", "muster");
      answer =
          http.send(
              "POST",
              realm,
              Map.of("Content-Type", "application/x-www-form-urlencoded"),
              BodyPublishers.ofString(form(wanted)),
              http.patience());
    } else {
      Map<String, String> headers =
          credential == null ? Map.of() : Map.of(Http.AUTHORIZATION, basic(credential));
      String question = realm + (realm.getRawQuery() == null ? "?" : "&") + form(wanted);
      answer = http.get(URI.create(question), headers);
    }
    try (InputStream body = answer.body()) {
      byte[] json = body.readNBytes(MOST_BYTES);
      if (answer.statusCode() != 200) {
        throw new IOException(
            "%s gives no token %s (answer %d): docker login to the registry, as a user who may"
                .formatted(
                    realm.getHost(),
                    credential == null ? "to who names no user" : "to the user of docker login",
                    answer.statusCode()));
      }
      return token(json);
    }
  }

  /** Credentials and tokens go without TLS nowhere but on this machine. */
  private URI realm() throws IOException {
    String text = challenge.parameter("realm");
    try {
      URI realm = URI.create(text);
      String host = realm.getHost();
      boolean safe =
          "https".equals(realm.getScheme())
              || ("http".equals(realm.getScheme()) && host != null && Proxies.loopback(host));
      if (safe && host != null) {
        return realm;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw new IOException("tokens should come from " + text + ", which is no https:// URL");
  }

  private static String token(byte[] json) throws IOException {
    try {
      JsonNode told = new JsonMapper().readTree(json);
      String token = told.path("token").asString(told.path("access_token").asString(""));
      if (!token.isEmpty()) {
        return token;
      }
    } catch (JacksonException e) {
      // told below
    }
    throw new IOException("what should give a token answers without one");
  }

  static String basic(Credential credential) {
    String both = credential.getUsername() + ":" + credential.getPassword();
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
  }

  private static String form(Map<String, String> parameters) {
    StringBuilder form = new StringBuilder();
    parameters.forEach((name, value) -> {
      if (!value.isEmpty()) {
        form.append(form.isEmpty() ? "" : "&").append(name).append('=');
        form.append(URLEncoder.encode(value, StandardCharsets.UTF_8));
      }
    });
    return form.toString();
  }
}
