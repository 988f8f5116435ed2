package calvin.bench.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws {@code memory-latency.png}, {@code memory-pages.png} and {@code memory-stream.png} and writes {@code
 * memory.csv} into the directory given as the only argument.
 */
public final class MemoryPlots {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 480;
    private static final List<String> NODES = List.of("node 0: DDR, local", "node 1: HBM, same package",
            "node 2: DDR, other package", "node 3: HBM, other package");
    private static final List<String> PAGES = List.of("4K", "2M", "1G");

    private MemoryPlots() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 1) {
            System.err.println("usage: MemoryPlots DIRECTORY");
            System.exit(2);
        }
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        Measurement measured = Measurement.run();
        Files.write(directory.resolve("memory.csv"), measured.csvBytes());
        latency(measured, directory.resolve("memory-latency.png"));
        pages(measured, directory.resolve("memory-pages.png"));
        stream(measured, directory.resolve("memory-stream.png"));
    }

    private static XYChart chart(String title, String x) {
        XYChart chart = new XYChartBuilder().width(WIDTH).height(HEIGHT).title(title).xAxisTitle(x)
                .yAxisTitle("nanoseconds a load").theme(Styler.ChartTheme.XChart).build();
        chart.getStyler().setXAxisLogarithmic(true).setLegendPosition(Styler.LegendPosition.InsideNW);
        return chart;
    }

    private static void line(XYChart chart, String name, Map<Double, Double> points) {
        chart.addSeries(name, new ArrayList<>(points.keySet()), new ArrayList<>(points.values()))
                .setMarker(SeriesMarkers.CIRCLE);
    }

    private static void latency(Measurement measured, Path file) throws IOException {
        XYChart chart = chart("Dependent loads, by where the memory is (2 MiB pages)", "KiB walked over");
        for (int node = 0; node < NODES.size(); node++) {
            line(chart, NODES.get(node), measured.nanoseconds("latency", node, "2M"));
        }
        BitmapEncoder.saveBitmap(chart, file.toString(), BitmapEncoder.BitmapFormat.PNG);
    }

    private static void pages(Measurement measured, Path file) throws IOException {
        XYChart chart = chart("One load in each 4 KiB, by the size of pages (node 0)", "KiB walked over");
        for (String size : PAGES) {
            line(chart, "pages of " + size + "iB", measured.nanoseconds("reach", 0, size));
        }
        BitmapEncoder.saveBitmap(chart, file.toString(), BitmapEncoder.BitmapFormat.PNG);
    }

    private static void stream(Measurement measured, Path file) throws IOException {
        CategoryChart chart = new CategoryChartBuilder().width(WIDTH).height(HEIGHT).title("STREAM kernels, one hart")
                .yAxisTitle("MB/s").theme(Styler.ChartTheme.XChart).build();
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS)
                .setLegendLayout(Styler.LegendLayout.Horizontal);
        for (int node = 0; node < NODES.size(); node++) {
            Map<String, Double> bars = measured.stream(node);
            chart.addSeries(NODES.get(node), new ArrayList<>(bars.keySet()), new ArrayList<>(bars.values()));
        }
        BitmapEncoder.saveBitmap(chart, file.toString(), BitmapEncoder.BitmapFormat.PNG);
    }
}
