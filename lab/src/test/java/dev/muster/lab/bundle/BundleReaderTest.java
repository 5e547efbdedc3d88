package dev.muster.lab.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.muster.lab.host.Digests;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;

/** Bundles that a program other than ours has written, meaning harm. */
class BundleReaderTest {
  private static final String SHA = Digests.text("content");
  private final List<String> opened = new ArrayList<>();

  private interface Content {
    void write(TarArchiveOutputStream tar) throws IOException;
  }

  private static BundleManifest manifest(String path, long size) {
    return new BundleManifest(
        1,
        "0.1.0",
        "amd64",
        "1.37.2",
        List.of(new BundleManifest.Entry(path, size, SHA, "helm", "3")));
  }

  private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, byte[] content)
      throws IOException {
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private static void put(TarArchiveOutputStream tar, String path, String content)
      throws IOException {
    put(tar, new TarArchiveEntry(path, true), content.getBytes(StandardCharsets.UTF_8));
  }

  private BundleReader.Whole read(Content content) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var tar =
        new TarArchiveOutputStream(new ZstdOutputStreamNoFinalizer(bytes, 1), 512, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
      content.write(tar);
    }
    return new BundleReader("reading", _ -> {})
        .read(
            new ByteArrayInputStream(bytes.toByteArray()),
            new BundleReader.Sink() {
              @Override
              public void begin(BundleManifest manifest) {}

              @Override
              public OutputStream file(BundleManifest.Entry entry) {
                opened.add(entry.path());
                return OutputStream.nullOutputStream();
              }
            });
  }

  private void refused(Content content, String why) {
    assertThatThrownBy(() -> read(content))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(why);
  }

  @Test
  void whatIsAsItsManifestSaysIsTaken() throws IOException {
    BundleReader.Whole whole =
        read(tar -> {
          put(tar, "manifest.json", manifest("bin/helm/helm", 7).json());
          put(tar, "bin/helm/helm", "content");
        });
    assertThat(whole.manifest()).isEqualTo(manifest("bin/helm/helm", 7));
    assertThat(opened).containsExactly("bin/helm/helm");
  }

  @Test
  void theFirstFileWithAnotherDigestIsNamed() {
    refused(
        tar -> {
          put(tar, "manifest.json", manifest("bin/helm/helm", 7).json());
          put(tar, "bin/helm/helm", "c0ntent");
        },
        "bin/helm/helm has the digest sha256:" + Digests.text("c0ntent") + ", not sha256:" + SHA);
  }

  @Test
  void aPathThatLeavesTheCacheIsRefusedBeforeAnythingIsOpened() {
    for (String path :
        List.of(
            "../x",
            "/etc/passwd",
            "bin/../../x",
            "bin/../x",
            "bin/./x",
            "bin/helm/..",
            "images/..",
            "images/a/b",
            "bin/x",
            "other/x",
            "bin//x",
            "images/a\\b",
            "images/a\nb",
            "bin/helm/" + "x".repeat(99))) {
      refused(
          tar -> {
            put(tar, "manifest.json", manifest(path, 7).json());
            put(tar, path, "content");
          },
          "path that is none of the cache");
    }
    assertThat(opened).isEmpty();
  }

  @Test
  void anEntryThatIsNoPlainFileIsRefused() {
    for (byte kind :
        List.of(
            TarConstants.LF_SYMLINK,
            TarConstants.LF_LINK,
            TarConstants.LF_DIR,
            TarConstants.LF_GNUTYPE_LONGNAME,
            TarConstants.LF_PAX_EXTENDED_HEADER_LC)) {
      refused(
          tar -> {
            put(tar, "manifest.json", manifest("bin/helm/helm", 0).json());
            put(tar, new TarArchiveEntry("bin/helm/helm", kind), new byte[0]);
          },
          "no plain file");
    }
    assertThat(opened).isEmpty();
  }

  @Test
  void whatTheManifestDoesNotNameIsRefused() {
    refused(
        tar -> {
          put(tar, "manifest.json", manifest("bin/helm/helm", 7).json());
          put(tar, "bin/helm/other", "content");
        },
        "bin/helm/helm of 7 bytes should come, and there is bin/helm/other");
    refused(
        tar -> {
          put(tar, "manifest.json", manifest("bin/helm/helm", 7).json());
          put(tar, "bin/helm/helm", "content and more");
        },
        "there is bin/helm/helm of 16 bytes");
    refused(
        tar -> {
          put(tar, "manifest.json", manifest("bin/helm/helm", 7).json());
          put(tar, "bin/helm/helm", "content");
          put(tar, "bin/helm/more", "content");
        },
        "more files than its manifest names");
    refused(
        tar -> put(tar, "manifest.json", manifest("bin/helm/helm", 7).json()), "it is cut short");
    refused(tar -> put(tar, "bin/helm/helm", "content"), "manifest.json is not first");
  }

  /** A megabyte of it is a kilobyte of zstd. */
  @Test
  void sizesThatNoBundleHasAreRefusedBeforeTheyCome() {
    refused(
        tar -> put(tar, "manifest.json", " ".repeat(BundleManifest.MOST_BYTES + 1)),
        "its manifest has more than");
    refused(
        tar -> put(tar, "manifest.json", manifest("bin/helm/helm", 1L << 40).json()),
        "says that bin/helm/helm has 1099511627776 bytes");
    refused(tar -> put(tar, "manifest.json", manifest("bin/helm/helm", -1).json()), "has -1 bytes");
  }

  @Test
  void aManifestThatIsNoneIsRefused() {
    for (String json : List.of("", "{", "[]", "null", "{}", "{\"format\": 2}", "{\"format\": 1}")) {
      refused(tar -> put(tar, "manifest.json", json), json.endsWith("2}") ? "format is 2" : "");
    }
    refused(
        tar ->
            put(
                tar,
                "manifest.json",
                manifest("bin/helm/helm", 7).json().replace(SHA, SHA.substring(1))),
        "has no sha256 for bin/helm/helm");
  }
}
