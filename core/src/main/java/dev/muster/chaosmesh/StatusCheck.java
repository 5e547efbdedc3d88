package dev.muster.chaosmesh;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A StatusCheck that aborts its workflow, as a condition that ends the drill. That holds from
 * beginning to end, so it is taken only where the check does too.
 */
final class StatusCheck {
  private static final Pattern CODES = Pattern.compile("([0-9]{3})(?:-([0-9]{3}))?");
  private static final int DEFAULT_INTERVAL = 10;
  private static final int DEFAULT_FAILURES = 3;

  private StatusCheck() {}

  /**
   * @param whole until its deadline or that of what it is in
   * @param throughout it is there from the beginning of the workflow to its end
   */
  static Part read(
      Document document, Fields template, @Nullable Duration whole, boolean throughout) {
    template.lacks("statusCheck", "what is checked");
    if (!template.text("abortWithStatusCheck", "false").equals("true")) {
      template.refuseValue(
          template.has("abortWithStatusCheck") ? "abortWithStatusCheck" : "templateType",
          "a StatusCheck without abortWithStatusCheck: true changes nothing, and Muster's probes"
              + " end the drill");
    }
    if (!throughout) {
      template.refuseValue(
          "templateType",
          "Muster's abortWhen holds from the beginning of the drill to its end; a StatusCheck is"
              + " taken as the entry or as a child of an entry of type Parallel");
    }
    Fields check = template.mapping("statusCheck");
    check.lacks("http", "what is asked");
    check.take("type"); // HTTP is all there is
    check.take("recordsHistoryLimit"); // every answer is in the timeline
    if (!check.text("mode", "Synchronous").equals("Continuous")) {
      check.refuseValue("mode", "a check that ends with its first success can not end a drill");
      check.lacks("mode", "Continuous is the one that Muster takes");
    }
    check.refuse("successThreshold", "a Continuous check has none");
    check.refuse("timeoutSeconds", "Muster's http probe has a time limit of its own");
    int interval = or(check.number("intervalSeconds"), DEFAULT_INTERVAL);
    int failures = or(check.number("failureThreshold"), DEFAULT_FAILURES);
    Map<String, Object> rule = new LinkedHashMap<>();
    rule.put("probe", "http");
    rule.put("url", url(document, check.mapping("http")));
    Duration lasting = Duration.ofSeconds((long) interval * failures);
    rule.put("for", GoDuration.drill(lasting));
    document.abortWhen(rule);
    document.note(
        "The status check is asked in Muster's own rhythm, from the beginning of the drill to its"
            + " end; it aborts after "
            + GoDuration.drill(lasting)
            + ": "
            + failures
            + " failures, one every "
            + interval
            + "s.");
    Duration own = check.duration("duration");
    check.close();
    if (own == null && whole == null) {
      template.lacks("deadline", "without it Chaos Mesh checks for ever");
    }
    Duration turn =
        whole == null
            ? (own == null ? Chaos.REFUSED : own)
            : own == null || own.compareTo(whole) > 0 ? whole : own;
    return new Part.Hold(turn, "As long as the status check is made.");
  }

  private static String url(Document document, Fields http) {
    String url = http.text("url", "");
    if (!url.matches("https?://\\S+")) {
      http.refuseValue("url", "it must begin with http:// or https://");
    }
    if (!http.text("method", "GET").equals("GET")) {
      http.refuseValue("method", "Muster's http probe asks with GET");
    }
    http.refuse("headers", "Muster's http probe sends none");
    http.refuse("body", "Muster's http probe sends none");
    Fields criteria = http.mapping("criteria");
    String code = criteria.text("statusCode", "");
    var codes = CODES.matcher(code);
    if (!codes.matches()) {
      criteria.refuseValue(
          "statusCode", "it must be a code such as 200 or a range such as 200-399");
    } else {
      int from = Integer.parseInt(codes.group(1));
      int to = codes.group(2) == null ? from : Integer.parseInt(codes.group(2));
      if (from < 200 || to > 399 || from > to) {
        criteria.refuseValue(
            "statusCode", "Muster's http probe takes any code below 400 for good, and only these");
      } else if (from > 200 || to < 399) {
        document.note("The status check takes any code below 400 for good, not only " + code + ".");
      }
    }
    criteria.close();
    http.close();
    return url;
  }

  private static int or(@Nullable Integer number, int otherwise) {
    return number == null ? otherwise : number;
  }
}
