# For Homebrew: brew install ./muster.rb. dist/build fills in what stands between at signs.
class Muster < Formula
  desc "Proves that losing a node does not break an LLM service on Kubernetes"
  homepage "@DOWNLOAD_URL@"
  url "@DOWNLOAD_URL@/@NAME@.tar.gz"
  version "@VERSION@"
  sha256 "@SHA256@"
  license "Apache-2.0"

  depends_on :linux

  def install
    # it finds its runtime, charts and drills beside its bin
    libexec.install Dir["*"]
    bin.install_symlink libexec/"bin/muster", libexec/"bin/kubectl-muster"
    man1.install_symlink Dir[libexec/"share/man/man1/*"]
    bash_completion.install_symlink libexec/"share/bash-completion/completions/muster"
    zsh_completion.install_symlink libexec/"share/zsh/site-functions/_muster"
    fish_completion.install_symlink libexec/"share/fish/vendor_completions.d/muster.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/muster --version")
  end
end
