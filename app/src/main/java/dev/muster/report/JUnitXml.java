package dev.muster.report;

import dev.muster.verdict.finding.Sentence;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * A run as a JUnit test suite, a finding as a test case. Inconclusive is an error: a build must not
 * go green on what nobody saw.
 */
final class JUnitXml {
  private JUnitXml() {}

  static String of(ReportModel report) {
    var text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeCharacters("\n");
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", "muster." + report.drill());
      xml.writeAttribute("tests", Integer.toString(report.findings().size()));
      xml.writeAttribute("failures", count(report, "fail"));
      xml.writeAttribute("errors", count(report, "inconclusive"));
      xml.writeAttribute("skipped", "0");
      xml.writeAttribute("time", time(report));
      if (report.started() != null) {
        xml.writeAttribute("timestamp", report.started().toString());
      }
      for (var finding : report.findings()) {
        testCase(xml, report, finding);
      }
      xml.writeCharacters("\n");
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("can not write XML to memory", e);
    }
    return text + "\n";
  }

  private static void testCase(XMLStreamWriter xml, ReportModel report, ReportModel.Judged finding)
      throws XMLStreamException {
    xml.writeCharacters("\n  ");
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", "muster." + report.drill());
    xml.writeAttribute("name", finding.check());
    if (!finding.status().equals("pass")) {
      xml.writeStartElement(finding.status().equals("fail") ? "failure" : "error");
      xml.writeAttribute("message", printable(finding.why().english()));
      var evidence = finding.evidence().stream().map(Sentence::english).toList();
      xml.writeCharacters(printable(String.join("\n", evidence)));
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  /** XML 1.0 knows no control characters, and an answer's text may hold any. */
  private static String printable(String text) {
    return text.replaceAll("[\\p{Cntrl}&&[^\\n\\t]]", "\uFFFD");
  }

  private static String count(ReportModel report, String status) {
    return Long.toString(report.findings().stream().filter(f -> f.status().equals(status)).count());
  }

  private static String time(ReportModel report) {
    if (report.started() == null || report.ended() == null) {
      return "0";
    }
    double seconds = Duration.between(report.started(), report.ended()).toMillis() / 1000.0;
    return String.format(Locale.ROOT, "%.3f", seconds);
  }
}
