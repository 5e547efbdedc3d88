package dev.muster.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.muster.timeline.Outcome;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** What servers and gateways of LLMs do to an answer, alone and in pairs, and what is right. */
final class Behaviours {
  /** How the connection ends after the last byte. */
  enum End {
    CLOSE,
    RESET,
    STALL
  }

  /**
   * @param head with its blank line
   * @param body a byte a letter, as in ISO 8859-1
   * @param words with which the row's detail begins; empty where it has none
   * @param more words that are in it behind those; empty for none
   */
  record Behaviour(
      String name, String head, String body, End end, Outcome outcome, String words, String more) {

    void answer(HostileServer server, Socket socket) throws IOException {
      socket.getOutputStream().write(head.getBytes(ISO_8859_1));
      socket.getOutputStream().write(body.getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
      switch (end) {
        case CLOSE -> {}
        case RESET -> {
          LockSupport.parkNanos(100_000_000); // a reset may overtake what was sent before it
          HostileServer.reset(socket);
        }
        case STALL -> server.stall();
      }
    }
  }

  /** A flaw in the middle of a stream, or at its end. */
  private record Flaw(
      String name, String framing, String text, End end, Outcome outcome, String words) {}

  private static final String STREAM = "connection: close";
  private static final String CHUNKED = "transfer-encoding: chunked\r\nconnection: close";
  private static final String SHORT = "content-length: 100000";

  private static final String TEXT = delta("\"content\":\"one \"") + delta("\"content\":\"two \"");
  private static final String STOP = chunk("{\"delta\":{},\"finish_reason\":\"stop\"}", "null");
  private static final String COUNT = "{\"completion_tokens\":2}";
  private static final String USAGE = chunk("", COUNT);
  private static final String DONE = data("[DONE]");
  private static final String GOOD = TEXT + STOP + USAGE + DONE;

  private final List<Behaviour> all = new ArrayList<>();

  private Behaviours() {}

  /** Alone. */
  static List<Behaviour> single() {
    var made = new Behaviours();
    made.good();
    made.flawed();
    made.noAnswers();
    return made.all;
  }

  /** A flaw in the middle, then one at the end; or nothing worth telling, and then one. */
  static List<Behaviour> pairs() {
    var made = new Behaviours();
    for (var end : ENDS) {
      for (var middle : MIDDLES) {
        // after its own word that it failed nobody expects a stream to end as others do
        boolean told =
            middle.outcome != Outcome.IN_BAND_ERROR
                || !end.framing.equals(STREAM)
                || end.end != End.CLOSE
                || end.name.equals("[DONE] twice");
        made.pair(middle, end, middle.outcome, middle.words, told ? "; then " + end.words : "");
      }
      for (var nothing : List.of(": ping\n\n", "data:\n\n", "event: ping\ndata: {}\n\n")) {
        var middle = new Flaw(nothing.strip(), STREAM, nothing, End.CLOSE, Outcome.COMPLETE, "");
        made.pair(middle, end, end.outcome, end.words, "");
      }
    }
    return made.all;
  }

  private static final List<Flaw> MIDDLES =
      List.of(
          middle("an error", data("{\"error\":{\"message\":\"engine died\"}}"), "engine died"),
          middle("an error's text", data("{\"error\":\"no room\"}"), "no room"),
          middle("a named error", "event: error\ndata: {\"message\":\"lost\"}\n\n", "lost"),
          middle("older vLLM's", data("{\"object\":\"error\",\"message\":\"long\"}"), "long"),
          malformed("no JSON", data("{\"cho"), "an event that is not JSON: {\"cho"),
          malformed("no object", data("7"), "an event that is not a JSON object: 7"),
          malformed("a page", data("<html>"), "an event that is not JSON: <html>"));

  private static final List<Flaw> ENDS =
      List.of(
          end("no end", "", "the stream ended without a finish_reason"),
          end("no [DONE]", STOP + USAGE, "finish_reason stop, but the stream ended without"),
          end(
              "half a [DONE]",
              STOP + USAGE + "data: [DONE]\n",
              "finish_reason stop, but the stream ended without a terminated [DONE]; it stops"),
          new Flaw(
              "[DONE] twice",
              STREAM,
              STOP + USAGE + DONE + DONE,
              End.CLOSE,
              Outcome.MALFORMED,
              "an event after [DONE]: [DONE]"),
          new Flaw("cut in a chunk", CHUNKED, "", End.CLOSE, Outcome.TRUNCATED, "127.0.0.1"),
          new Flaw("less than it said", SHORT, "", End.CLOSE, Outcome.TRUNCATED, "127.0.0.1"),
          new Flaw("reset", STREAM, "", End.RESET, Outcome.TRUNCATED, "connection reset by"),
          new Flaw("stall", CHUNKED, "", End.STALL, Outcome.TIMED_OUT, "not complete"));

  private static Flaw middle(String name, String text, String words) {
    return new Flaw(name, STREAM, text, End.CLOSE, Outcome.IN_BAND_ERROR, words);
  }

  private static Flaw malformed(String name, String text, String words) {
    return new Flaw(name, STREAM, text, End.CLOSE, Outcome.MALFORMED, words);
  }

  private static Flaw end(String name, String text, String words) {
    return new Flaw(name, STREAM, text, End.CLOSE, Outcome.TRUNCATED, words);
  }

  private void pair(Flaw middle, Flaw end, Outcome outcome, String words, String more) {
    var text = TEXT + middle.text + end.text;
    var body = end.framing.equals(CHUNKED) ? inChunks(text, 50) : text;
    all.add(
        new Behaviour(
            middle.name + ", then " + end.name,
            head(200, "content-type: text/event-stream", end.framing),
            body,
            end.end,
            outcome,
            words,
            more));
  }

  private void good() {
    good("usage in a chunk of its own", GOOD);
    good("usage with the end", TEXT + chunk("{\"finish_reason\":\"stop\"}", COUNT) + DONE);
    good("CRLF", GOOD.replace("\n", "\r\n"));
    good("CR", GOOD.replace("\n", "\r"));
    good("byte order mark", "\u00ef\u00bb\u00bf" + GOOD);
    good("no space", GOOD.replace("data: ", "data:"));
    good("data over lines", GOOD.replace(",\"", ",\ndata: \""));
    good("comments between", GOOD.replace("data: ", ": ping\n\ndata: "));
    good("comments inside", GOOD.replace("data: ", ": ping\ndata: "));
    good("bare colons", GOOD.replace("data: ", ":\n\ndata: "));
    good("only a retry", "retry: 3000\n\n" + GOOD);
    good("ids and names", GOOD.replace("data: ", "id: 7\nevent: message\ndata: "));
    good("data without content", "data:\n\ndata: \n\n" + GOOD);
    good("a comment as data", data(": PROCESSING") + GOOD);
    good("a ping", "event: ping\ndata: {\"type\":\"ping\"}\n\n" + GOOD);
    good("usage in every chunk", GOOD.replace("null}", COUNT + "}"));
    good(
        "usage with a choice", TEXT + STOP + chunk("{\"delta\":{\"content\":\"\"}}", COUNT) + DONE);
    good("the end again", TEXT + STOP + STOP.replace("null}", COUNT + "}") + DONE);
    good("the end on text", TEXT + STOP.replace("{}", "{\"content\":\"x\"}") + USAGE + DONE);
    good("a filter", GOOD.replace("\"stop\"", "\"content_filter\""));
    good("the limit", GOOD.replace("\"stop\"", "\"length\""));
    good("reasoning", GOOD.replace("\"content\"", "\"reasoning\""));
    good("reasoning_content", GOOD.replace("\"content\"", "\"reasoning_content\""));
    good("a refusal", GOOD.replace("\"content\"", "\"refusal\""));
    good(
        "tool calls",
        delta("\"tool_calls\":[{\"index\":0}]")
            + STOP.replace("stop", "tool_calls")
            + USAGE
            + DONE);
    good("content null", delta("\"role\":\"assistant\",\"content\":null") + GOOD);
    good("the prompt's filter", chunk("", "null") + GOOD);
    good("a comment after the end", GOOD + ": bye\n\n");
    good("like numbered tokens", GOOD.replace("one ", "1.41421356 is "));
    var type = "content-type: text/event-stream";
    add("in chunks of one byte", type, CHUNKED, inChunks(GOOD, 1) + "0\r\n\r\n", End.CLOSE);
    add("chunks with more", type, CHUNKED, inChunks(GOOD, 99) + "0;a=b\r\nx: y\r\n\r\n", End.CLOSE);
    add("held open", type, CHUNKED, inChunks(GOOD, 50) + "0\r\n\r\n", End.STALL);
    add("reset after the end", type, STREAM, GOOD, End.RESET);
    add("stall after the end", type, STREAM, GOOD, End.STALL);
    add(
        "a type in capitals",
        "Content-Type: Text/Event-Stream; Charset=UTF-8",
        STREAM,
        GOOD,
        End.CLOSE);
  }

  private void flawed() {
    for (var end : ENDS) {
      pair(
          new Flaw("text", STREAM, "", End.CLOSE, Outcome.COMPLETE, ""),
          end,
          end.outcome,
          end.words,
          "");
    }
    for (var middle : MIDDLES) {
      bad(middle.name, TEXT + middle.text, middle.outcome, middle.words);
    }
    bad("nothing", "", Outcome.TRUNCATED, "the stream ended without a finish_reason");
    bad("no usage", TEXT + STOP + DONE, Outcome.MALFORMED, "finish_reason stop, and no usage");
    bad(
        "no token",
        STOP + USAGE + DONE,
        Outcome.TRUNCATED,
        "finish_reason stop, and not one token");
    bad(
        "aborted",
        GOOD.replace("\"stop\"", "\"abort\""),
        Outcome.IN_BAND_ERROR,
        "finish_reason abort");
    bad("tired", GOOD.replace("\"stop\"", "\"tired\""), Outcome.TRUNCATED, "finish_reason tired");
    bad("unframed", "{\"error\":{\"message\":\"too long\"}}\n", Outcome.IN_BAND_ERROR, "too long");
    bad(
        "a page",
        "<html>\n<p>Bad\n",
        Outcome.MALFORMED,
        "not an event stream, although it says so: <html> <p>");
    all.add(
        new Behaviour(
            "no UTF-8",
            head(200, "content-type: text/event-stream", STREAM),
            TEXT + "data: \u00e4\n\n",
            End.CLOSE,
            Outcome.MALFORMED,
            "a line of the stream is not UTF-8",
            ""));
  }

  private void noAnswers() {
    var json = "content-type: application/json";
    no(
        "gzip",
        200,
        "content-type: text/event-stream\r\ncontent-encoding: gzip",
        "x",
        Outcome.MALFORMED,
        "content-encoding gzip, which was not asked for");
    no(
        "no type",
        200,
        "x-a: b",
        GOOD,
        Outcome.MALFORMED,
        "content-type none instead of text/event-stream: data:");
    no(
        "JSON",
        200,
        json,
        "{\"a\":1}",
        Outcome.MALFORMED,
        "content-type application/json instead of text/event-stream: {\"a\":1}");
    no(
        "429",
        429,
        json,
        "{\"error\":{\"message\":\"slow down\"}}",
        Outcome.REJECTED,
        "HTTP 429: {\"error\":{\"message\":\"slow down\"}}");
    no(
        "429 in words",
        429,
        "content-type: text/plain",
        "saturated",
        Outcome.HTTP_ERROR,
        "HTTP 429: saturated");
    no(
        "529",
        529,
        json,
        "{\"type\":\"error\",\"error\":{\"message\":\"Overloaded\"}}",
        Outcome.REJECTED,
        "HTTP 529: ");
    no(
        "503 of older vLLM",
        503,
        json,
        "{\"object\":\"error\",\"message\":\"x\"}",
        Outcome.HTTP_ERROR,
        "HTTP 503: {\"object\"");
    no(
        "503 of a page",
        503,
        "content-type: text/html",
        "<html>\n503",
        Outcome.HTTP_ERROR,
        "HTTP 503: <html> 503");
    no(
        "400",
        400,
        json,
        "{\"error\":{\"message\":\"Unrecognized: thinking\"}}",
        Outcome.HTTP_ERROR,
        "HTTP 400: {\"error\":{\"message\":\"Unrecognized: thinking\"}}");
    no("307", 307, "location: /x", "", Outcome.MALFORMED, "HTTP 307: ");
    raw("no word", "", End.CLOSE, Outcome.CONNECTION_FAILED, "127.0.0.1");
    raw("reset at once", "", End.RESET, Outcome.CONNECTION_FAILED, "connection reset by");
    raw("no HTTP", "SSH-2.0-x\r\n\r\n", End.CLOSE, Outcome.MALFORMED, "");
    raw("never a word", "", End.STALL, Outcome.TIMED_OUT, "not complete");
    raw(
        "half a head",
        "HTTP/1.1 200 X\r\ncontent-",
        End.CLOSE,
        Outcome.CONNECTION_FAILED,
        "127.0.0.1");
    raw(
        "a head",
        head(200, "content-type: text/event-stream", STREAM),
        End.STALL,
        Outcome.TIMED_OUT,
        "not complete");
    raw(
        "HTTP/1.0",
        "HTTP/1.0 200 X\r\ncontent-type: text/event-stream\r\n\r\n" + GOOD,
        End.CLOSE,
        Outcome.COMPLETE,
        "");
  }

  private void good(String name, String body) {
    add(name, "content-type: text/event-stream", STREAM, body, End.CLOSE);
  }

  private void add(String name, String type, String framing, String body, End end) {
    all.add(new Behaviour(name, head(200, type, framing), body, end, Outcome.COMPLETE, "", ""));
  }

  private void bad(String name, String body, Outcome outcome, String words) {
    no(name, 200, "content-type: text/event-stream", body, outcome, words);
  }

  private void no(
      String name, int status, String header, String body, Outcome outcome, String words) {
    all.add(new Behaviour(name, head(status, header, STREAM), body, End.CLOSE, outcome, words, ""));
  }

  private void raw(String name, String text, End end, Outcome outcome, String words) {
    all.add(new Behaviour(name, "", text, end, outcome, words, ""));
  }

  private static String head(int status, String header, String framing) {
    return "HTTP/1.1 %d X\r\n%s\r\n%s\r\n\r\n".formatted(status, header, framing);
  }

  private static String inChunks(String text, int size) {
    var bytes = text.getBytes(ISO_8859_1);
    var out = new StringBuilder();
    for (int from = 0; from < bytes.length; from += size) {
      int length = Math.min(size, bytes.length - from);
      out.append(Integer.toHexString(length)).append("\r\n");
      out.append(new String(bytes, from, length, ISO_8859_1)).append("\r\n");
    }
    return out.toString();
  }

  private static String data(String data) {
    return "data: " + data + "\n\n";
  }

  private static String chunk(String choice, String usage) {
    return data("{\"choices\":[%s],\"usage\":%s}".formatted(choice, usage));
  }

  private static String delta(String fields) {
    return chunk("{\"delta\":{%s},\"finish_reason\":null}".formatted(fields), "null");
  }
}
