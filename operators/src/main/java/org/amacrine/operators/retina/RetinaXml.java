package org.amacrine.operators.retina;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.amacrine.core.io.InputFiles;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * The XML form of a retina configuration: attributes are values; {@code outer-plexiform-layer}, {@code ganglion-layer} and
 * {@code unit} elements are entries of the lists {@code outer-plexiform-layers}, {@code ganglion-layers} and {@code units}.
 */
final class RetinaXml {
    /** Elements that repeat, and the list they make. */
    private static final Map<String, String> LISTS = Map.of(
            "outer-plexiform-layer", "outer-plexiform-layers", "ganglion-layer", "ganglion-layers", "unit", "units");
    /** Maps that the format keeps within the retina element, and the tree beside it. */
    private static final List<String> WITHIN_RETINA = List.of(
            "basic-microsaccade-generator",
            "log-polar-scheme",
            "outer-plexiform-layers",
            "contrast-gain-control",
            "ganglion-layers");

    private RetinaXml() {}

    /** Whether a path, with {@code *} for numbers, describes where units are. */
    static boolean isUnitPosition(String path) {
        return path.matches("ganglion-layers\\.\\*\\.spiking-channel\\."
                + "(circular-array\\.fovea-density__inv-deg|circular-array\\.diameter__deg"
                + "|all-units\\.units\\.\\*\\.(x-offset__deg|y-offset__deg|mvaspike-id))");
    }

    static Map<String, Object> read(Path file) throws IOException {
        Document document;
        try (var in = Files.newInputStream(InputFiles.find(file, "a retina configuration"))) {
            document = builder().parse(new InputSource(in));
        } catch (SAXException e) {
            throw new IOException(file + " is not XML: " + e.getMessage(), e);
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        for (Node node = document.getDocumentElement().getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                add(tree, element);
            }
        }
        if (!(tree.get("retina") instanceof Map<?, ?>)) {
            throw new IOException(file + " has no retina element; it is no retina description");
        }
        @SuppressWarnings("unchecked")
        Map<String, Object> retina = (Map<String, Object>) tree.get("retina");
        for (String key : WITHIN_RETINA) {
            Object value = retina.remove(key);
            if (value != null) {
                tree.put(key, value);
            }
        }
        return tree;
    }

    private static DocumentBuilder builder() throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            return builder;
        } catch (ParserConfigurationException e) {
            throw new IOException("this Java has no XML parser: " + e.getMessage(), e);
        }
    }

    @SuppressWarnings("unchecked")
    private static void add(Map<String, Object> parent, Element element) {
        Map<String, Object> map = new LinkedHashMap<>();
        NamedNodeMap attributes = element.getAttributes();
        for (int i = 0; i < attributes.getLength(); i++) {
            map.put(attributes.item(i).getNodeName(), attributes.item(i).getNodeValue());
        }
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element child) {
                add(map, child);
            }
        }
        String list = LISTS.get(element.getTagName());
        if (list == null) {
            parent.put(element.getTagName(), map);
        } else {
            ((List<Object>) parent.computeIfAbsent(list, k -> new ArrayList<>())).add(map);
        }
    }

    static void write(Path file, Map<String, Object> tree) throws IOException {
        Document document = builder().newDocument();
        Element root = document.createElement("retina-description-file");
        document.appendChild(root);
        Element retina = document.createElement("retina");
        root.appendChild(retina);
        tree.forEach((key, value) -> {
            if (key.equals("retina") && value instanceof Map<?, ?> map) {
                fill(document, retina, map);
            } else {
                append(document, WITHIN_RETINA.contains(key) ? retina : root, key, value);
            }
        });
        try (OutputStream out = Files.newOutputStream(file)) {
            Transformer transformer = TransformerFactory.newInstance().newTransformer();
            transformer.setOutputProperty(OutputKeys.INDENT, "yes");
            transformer.transform(new DOMSource(document), new StreamResult(out));
        } catch (TransformerException e) {
            throw new IOException(file + " could not be written: " + e.getMessage(), e);
        }
    }

    private static void fill(Document document, Element element, Map<?, ?> map) {
        map.forEach((key, value) -> append(document, element, String.valueOf(key), value));
    }

    private static void append(Document document, Element parent, String key, Object value) {
        if (value instanceof Map<?, ?> map) {
            Element child = document.createElement(key);
            parent.appendChild(child);
            fill(document, child, map);
        } else if (value instanceof List<?> list) {
            String tag = key.substring(0, key.length() - 1);
            for (Object entry : list) {
                append(document, parent, tag, entry);
            }
        } else {
            parent.setAttribute(key, String.valueOf(value));
        }
    }
}
