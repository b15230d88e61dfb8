import java.io.File;
import org.semanticweb.HermiT.Configuration;
import org.semanticweb.HermiT.Reasoner;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.profiles.Profiles;

/** Prints what of a file is outside OWL 2 DL, whether it is consistent, and which classes can have no member. */
public class OwlCheck {
  public static void main(String[] files) throws Exception {
    for (String file : files) {
      OWLOntology ontology = OWLManager.createOWLOntologyManager().loadOntologyFromOntologyDocument(new File(file));
      Profiles.OWL2_DL.checkOntology(ontology).getViolations().forEach(each -> System.out.println("violation\t" + each));
      Configuration datatypes = new Configuration();
      datatypes.ignoreUnsupportedDatatypes = true; // xsd:gYear and the like, on annotations and in data only
      Reasoner reasoner = new Reasoner(datatypes, ontology);
      boolean consistent = reasoner.isConsistent();
      System.out.println("axioms\t" + ontology.getLogicalAxiomCount());
      System.out.println("consistent\t" + consistent);
      if (consistent) {
        reasoner.getUnsatisfiableClasses().getEntitiesMinusBottom().forEach(each -> System.out.println("empty\t" + each));
      }
    }
  }
}
