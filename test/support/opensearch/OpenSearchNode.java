import java.util.Map;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.phonetic.DoubleMetaphoneFilter;
import org.codelibs.opensearch.runner.OpenSearchRunner;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.index.IndexSettings;
import org.opensearch.index.analysis.AbstractTokenFilterFactory;
import org.opensearch.index.analysis.TokenFilterFactory;
import org.opensearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.opensearch.plugins.AnalysisPlugin;
import org.opensearch.plugins.Plugin;

// One node of OpenSearch for tests: `java -cp 'classes:lib/*' OpenSearchNode <folder> <http port> <has sounds>`. It says READY when it answers and ends
// with its standard input. Maven Central has no analysis-phonetic; what stands here for it takes the same settings and knows double_metaphone alone.

public class OpenSearchNode {
  public static class AnalysisPhonetic extends Plugin implements AnalysisPlugin {
    @Override
    public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
      return Map.of("phonetic", AnalysisPlugin.requiresAnalysisSettings(Factory::new));
    }
  }

  public static class Factory extends AbstractTokenFilterFactory {
    private final boolean isReplacing;
    private final int mostCodeLength;

    public Factory(IndexSettings index, Environment environment, String name, Settings settings) {
      super(index, name, settings);
      if (!"double_metaphone".equals(settings.get("encoder")))
        throw new IllegalArgumentException("This plugin knows the encoder double_metaphone alone");
      isReplacing = settings.getAsBoolean("replace", true);
      mostCodeLength = settings.getAsInt("max_code_len", 4);
    }

    @Override
    public TokenStream create(TokenStream tokens) {
      return new DoubleMetaphoneFilter(tokens, mostCodeLength, !isReplacing);
    }
  }

  public static void main(String[] args) throws Exception {
    OpenSearchRunner runner = new OpenSearchRunner();
    runner.onBuild(
        (number, settings) -> {
          settings.put("http.port", args[1]);
          settings.put("transport.port", "0");
          settings.put("discovery.type", "single-node");
          settings.putList("discovery.seed_hosts");
        });
    OpenSearchRunner.Configs configs =
        OpenSearchRunner.newConfigs()
            .basePath(args[0])
            .clusterName("guildhall-test")
            .numOfNode(1)
            .disableESLogger();
    runner.build(Boolean.parseBoolean(args[2]) ? configs.pluginTypes("OpenSearchNode$AnalysisPhonetic") : configs);
    System.out.println("READY " + args[1]);
    while (System.in.read() >= 0) {}
    System.exit(0);
  }
}
